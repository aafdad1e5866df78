//! `createTask`: creates a task.

// The request.

// The response.
