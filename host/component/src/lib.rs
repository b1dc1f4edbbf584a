//! Makes a mode's core module a component and reads its manifest section
