//! `mgrTaskStatus`: starts, pauses or completes a task.

// The request.

// The response.
