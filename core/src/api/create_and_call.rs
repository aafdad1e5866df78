//! `createAndCall`: creates a task and adds orders at once.

// The request.

// The response.
