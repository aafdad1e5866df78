package callbot

import (
	"encoding/hex"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestContentIsNotPrinted(t *testing.T) {
	body := strings.TrimSuffix(callBody, "}") + `,"callInfoDetail":` + strings.ReplaceAll(detailJSON, `"more":1`, `"more":"862100000000"`) + `}`
	verified := verify(t, body)
	call, err := verified.CallCallback()
	if err != nil {
		t.Fatal(err)
	}
	order, err := verified.OrderCallback()
	if err != nil {
		t.Fatal(err)
	}
	task, err := verify(t, taskBody).TaskCallback()
	if err != nil {
		t.Fatal(err)
	}
	response, err := Read[AddBatchResponse](answer(t, build(t, newBatch(t, nil, someOrders(0, 1)...)), responseBody))
	if err != nil {
		t.Fatal(err)
	}
	detail := call.CallInfoDetail
	for _, shown := range []struct {
		value any
		want  string
	}{
		{verified, `callbot.Verified{requestID "` + testID + `", createTs 1726200000, signer 0, ` + fmt.Sprint(len(body)) + " bytes}"},
		{response, "callbot.AddBatchResponse{...}"},
		{response.Envelope, "callbot.Envelope{...}"},
		{StopOrder{UserTaskID: "t", OrderIDs: []string{"o"}}, "callbot.StopOrder{...}"},
		{call, "callbot.CallCallback{...}"},
		{order, "callbot.OrderCallback{...}"},
		{task, "callbot.TaskCallback{...}"},
		{task.TaskStat, "callbot.TaskStat{...}"},
		{detail, "callbot.CallInfoDetail{...}"},
		{detail.Intents.At(0), "callbot.Intent{...}"},
		{detail.SMS.At(0), "callbot.SMS{...}"},
		{detail.Agent, "callbot.Agent{...}"},
		{detail.Params.At(0), "callbot.FilledParam{...}"},
		{response.ErrList.At(0), "callbot.RefusedPhone{...}"},
		{response.ErrList, "callbot.List{2 rows}"},
		{Order{OrderID: "o", UserPhone: "8613800000001", Params: []Param{{}}}, "callbot.Order{1 params}"},
		{Param{Name: "amount", Value: "120.50"}, `callbot.Param{"amount"}`},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			if printed := fmt.Sprintf(verb, shown.value); printed != shown.want {
				t.Errorf("%s prints %s", verb, printed)
			}
		}
		for name, log := range map[string]func(*strings.Builder) slog.Handler{
			"text": func(out *strings.Builder) slog.Handler { return slog.NewTextHandler(out, nil) },
			"json": func(out *strings.Builder) slog.Handler { return slog.NewJSONHandler(out, nil) },
		} {
			var out strings.Builder
			slog.New(log(&out)).Info("received", "value", shown.value)
			quoted := fmt.Sprintf("%q", shown.want)
			if !strings.Contains(out.String(), quoted) && !strings.Contains(out.String(), "value="+shown.want) {
				t.Errorf("%s logs %s", name, out.String())
			}
		}
	}
	// Slices print no content either, nor does what has a list in it.
	if printed := fmt.Sprintf("%+v", struct{ List List[RefusedPhone] }{response.ErrList}); strings.Contains(printed, "86") {
		t.Error(printed)
	}
	if printed := fmt.Sprintf("%+v", []FilledParam{detail.Params.At(0)}); strings.Contains(printed, "120") {
		t.Error(printed)
	}
}

// Package fmt cannot call a method of an unexported field.
func TestFieldsOfOthersAreNotPrinted(t *testing.T) {
	request := build(t, newBatch(t, nil, someOrders(0, 1)...))
	verified := verify(t, callBody)
	call, err := verified.CallCallback()
	if err != nil {
		t.Fatal(err)
	}
	plain := []string{"%v", "%+v", "%#v"}
	fitting := append([]string{"%s", "%q", "%x", "%X", "%d", "%t", "%T"}, plain...)
	all := append([]string{"%p", "%w"}, fitting...)
	for name, c := range map[string]struct {
		value any
		verbs []string
	}{
		"a request itself":   {*request, all},
		"a message itself":   {*verified, all},
		"a request":          {struct{ request Request }{*request}, all},
		"requests":           {struct{ requests []Request }{[]Request{*request}}, all},
		"a verified message": {struct{ verified Verified }{*verified}, all},
		"verified messages":  {map[string]struct{ verified Verified }{"a": {*verified}}, all},
		"pointers":           {struct{ a, b any }{request, verified}, all},
		"exported content":   {struct{ Call CallCallback }{*call}, fitting},
		// For a verb that does not fit a pointer, package fmt follows it.
		"content by pointer":  {struct{ call *CallCallback }{call}, plain},
		"contents by pointer": {struct{ calls []*CallCallback }{[]*CallCallback{call}}, plain},
	} {
		for _, verb := range c.verbs {
			printed := strings.ToLower(fmt.Sprintf(verb, c.value))
			for _, secret := range []string{"86138", "王芳", hex.EncodeToString([]byte("86138")), hex.EncodeToString([]byte("王芳"))} {
				if strings.Contains(printed, secret) {
					t.Errorf("%s: %s prints %s", name, verb, printed)
				}
			}
		}
	}
}
