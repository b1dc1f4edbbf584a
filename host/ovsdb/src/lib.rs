//! An OVSDB client (RFC 7047): connection, transactions, monitored copy
