//! Every limit of the sandbox, with its reason.

/// A `kyc_id` must be authorized, and an uploaded file named by `modify`, within 30 minutes.
pub(crate) const WINDOW_MS: i64 = 30 * 60 * 1000;

/// WePay refuses a file of more than 10 MB with HTTP 413; Winter's limit is our assumption.
pub(crate) const FILE_BYTES_MAX: usize = 10 * 1024 * 1024;

/// A request body kept in memory: a 10 MB photo in base64 with room for its envelope.
pub(crate) const BODY_BYTES_MAX: usize = 24 * 1024 * 1024;

/// WePay's strings are "255 chars" wherever a length is given.
pub(crate) const TEXT_CHARS_MAX: usize = 255;

/// WePay keeps 35 characters of a name.
pub(crate) const NAME_CHARS_MAX: usize = 35;

/// The only version of WePay's API that has these calls in this form.
pub(crate) const API_VERSION: &str = "2017-02-01";

/// Versions that WePay has published and that this application is not set up for.
pub(crate) const OTHER_API_VERSIONS: [&str; 5] =
    ["2016-12-07", "2018-08-29", "2018-10-03", "2019-04-03", "2016-08-10"];
