//! `listTask`: lists tasks with statistics.

// The request.

// The response.
