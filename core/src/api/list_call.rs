//! `listCall`: lists calls.

// The request.

// The response.
