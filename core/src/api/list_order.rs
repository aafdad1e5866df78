//! `listOrder`: lists orders with their last call status.

// The request.

// The response.
