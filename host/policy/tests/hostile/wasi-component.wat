;; Wants sockets: what a component built without stubs imports.
(component
  (import "wasi:sockets/network@0.2.0" (instance)))
