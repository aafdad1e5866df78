//! `updateTask`: changes a task.

// The request.

// The response.
