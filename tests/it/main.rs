//! Whole-program tests, by user task.
