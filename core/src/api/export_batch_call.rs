//! `exportBatchCall`: exports the latest batch.

// The request.

// The response.
