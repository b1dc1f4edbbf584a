;; Was built for a contract that is yet to come.
(component
  (import "ovs:mode/log@9.0.0" (instance)))
