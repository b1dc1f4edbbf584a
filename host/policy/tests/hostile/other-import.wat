;; Wants something that nobody has.
(component
  (import "acme:secrets/store@1.0.0" (instance)))
