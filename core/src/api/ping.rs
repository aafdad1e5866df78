//! `ping`: checks that the provider answers.

// The request.

// The response.
