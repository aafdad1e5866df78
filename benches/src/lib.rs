//! Shared by the benchmarks: the orders, the measured jobs, and the measurement of two jobs in
//! turns.

pub mod answer;
pub mod c;
pub mod callback;
pub mod in_turns;
pub mod orders;
pub mod rust;

/// The account, request ID and time of every job, as in `c/jobs.h`.
pub mod signed_with {
    /// `uuid`
    pub const UUID: &str = "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR";
    /// The secret key.
    pub const SECRET_KEY: &str = "u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr";
    /// `requestID`
    pub const REQUEST_ID: &str = "0b9b2ad8-54f5-4c43-9d0e-6a8a9b7c1f10";
    /// `createTs`, in Unix seconds.
    pub const CREATE_TS: u64 = 1_726_200_000;
}
