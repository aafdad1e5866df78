// Exchange puts contacts into a task of the provider, over a network that may fail, and says of
// each what became of it. exchange/README.md of the repository describes what it does step by step.
//
//	cargo build --release -p callbot
//	cd go && go run ./examples/exchange BASE_URL TASK CONTACTS JOURNAL
//
// No order is lost, and none is sent twice: an order whose answer was lost is not sent again, but
// asked for. The journal makes that hold too if the program is killed, and is started again.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"callbot"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("exchange: ")
	if len(os.Args) != 5 {
		fmt.Fprintln(os.Stderr, "usage: exchange BASE_URL TASK CONTACTS JOURNAL")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3], os.Args[4], os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(baseURL, task, contactsFile, journalFile string, out io.Writer) error {
	s, err := readSettings()
	if err != nil {
		return err
	}
	contacts, err := readContacts(contactsFile)
	if err != nil {
		return err
	}
	signer, err := callbot.NewSigner(s.uuid, s.secretKey, s.algorithm)
	if err != nil {
		return err
	}
	defer signer.Close()
	verifier, err := callbot.NewVerifier(signer)
	if err != nil {
		return err
	}
	defer verifier.Close()
	journal, err := openJournal(journalFile)
	if err != nil {
		return err
	}
	defer journal.close()

	var callbacks *service
	if s.callbacksFile != "" {
		if callbacks, err = listen(s.listenAt, verifier); err != nil {
			return err
		}
		defer callbacks.close()
		s.callbackURL = callbacks.url()
	}
	c := &client{
		settings: s,
		baseURL:  baseURL,
		task:     task,
		signer:   signer,
		verifier: verifier,
		journal:  journal,
		http: &http.Client{
			Timeout: s.timeout,
			// Signed requests go to the provider, wherever an answer points to.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	results, err := c.run(contacts)
	if err != nil {
		return err
	}
	if callbacks != nil {
		callbacks.waitUntilQuiet(s.wait)
		if err := callbacks.write(s.callbacksFile); err != nil {
			return err
		}
	}
	return write(out, contacts, results)
}

// write writes a line for each contact.
func write(out io.Writer, contacts []contact, results map[string]result) error {
	lines := bufio.NewWriter(out)
	written := map[string]bool{}
	for _, contact := range contacts {
		result := results[contact.orderID]
		if written[contact.orderID] {
			result = refused("duplicate_order_id")
		}
		written[contact.orderID] = true
		fmt.Fprintln(lines, contact.orderID, result)
	}
	return lines.Flush()
}

// contact is a line of the contacts.
type contact struct{ orderID, phone string }

func readContacts(name string) ([]contact, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var contacts []contact
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		orderID, phone, found := strings.Cut(lines.Text(), ",")
		if !found {
			return nil, fmt.Errorf("line %d of the contacts has no comma", len(contacts)+1)
		}
		contacts = append(contacts, contact{orderID, phone})
	}
	return contacts, lines.Err()
}

// settings come from the environment.
type settings struct {
	uuid, secretKey string
	algorithm       callbot.Algorithm
	// maxOrders is the maximum number of orders in a batch.
	maxOrders int
	// timeout is how long an answer is waited for.
	timeout time.Duration
	// wait is how long a request can be on its way.
	wait time.Duration
	// backoff is the pause before the second try.
	backoff time.Duration
	// callbackURL is what the callback URLs begin with.
	callbackURL             string
	listenAt, callbacksFile string
}

func readSettings() (settings, error) {
	s := settings{
		uuid:          os.Getenv("CALLBOT_UUID"),
		secretKey:     os.Getenv("CALLBOT_SECRET_KEY"),
		algorithm:     callbot.MD5,
		callbackURL:   variable("EXCHANGE_CALLBACK_URL", "http://127.0.0.1:9/callbot"),
		listenAt:      variable("EXCHANGE_LISTEN", "127.0.0.1:0"),
		callbacksFile: os.Getenv("EXCHANGE_CALLBACKS"),
	}
	var errs [4]error
	s.maxOrders, errs[0] = number("EXCHANGE_MAX_ORDERS", 100)
	s.timeout, errs[1] = milliseconds("EXCHANGE_TIMEOUT_MS", 2000)
	s.wait, errs[2] = milliseconds("EXCHANGE_WAIT_MS", 3000)
	s.backoff, errs[3] = milliseconds("EXCHANGE_BACKOFF_MS", 100)
	switch name := variable("CALLBOT_ALGORITHM", "MD5"); name {
	case "MD5":
	case "SHA256":
		s.algorithm = callbot.SHA256
	default:
		return s, errors.New("CALLBOT_ALGORITHM must be MD5 or SHA256")
	}
	return s, errors.Join(errs[:]...)
}

func variable(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

func number(name string, otherwise int) (int, error) {
	value, err := strconv.Atoi(variable(name, strconv.Itoa(otherwise)))
	if err != nil || value < 1 {
		return 0, fmt.Errorf("%s must be a number from 1 on", name)
	}
	return value, nil
}

func milliseconds(name string, otherwise int) (time.Duration, error) {
	value, err := number(name, otherwise)
	return time.Duration(value) * time.Millisecond, err
}
