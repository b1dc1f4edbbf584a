;; Says nothing about itself.
(component
  (instance $policy)
  (export "ovs:mode/policy@1.0.0" (instance $policy)))
