package callbot

// CheckPhone reports whether a string is a phone number as the API wants it: 7 to 15 digits that
// start with an assigned country code, and nothing else. It returns nil, or an ErrPhone error with
// a code such as "phone_plus". It repairs nothing.
func CheckPhone(phone string) error { return cCheckPhone(phone) }

// PhoneFromTyped converts what people type or paste, such as "+86 156-1234-5678" or "+44 (0)20 7946
// 0958", to the digits that the API wants. It returns an ErrPhone error if the number is ambiguous,
// for example without its country code.
func PhoneFromTyped(typed string) (string, error) { return cPhoneFromTyped(typed) }
