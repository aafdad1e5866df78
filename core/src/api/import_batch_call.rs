//! `importBatchCall`: imports the newest batch of orders.

// The request.

// The response.
