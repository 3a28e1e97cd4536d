//! What people see: on a terminal of 80 columns, in a locale of ASCII, with and without colour.

mod colours;
mod widths;
