//! `listOrderDetail`: lists every call of given orders.

// The request.

// The response.
