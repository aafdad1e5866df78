//! `stopOrder`: stops dialling orders.

// The request.

// The response.
