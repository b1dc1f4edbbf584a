;; Says nothing about itself.
(component
  (instance $policy)
  (export "ovs:mode/policy@0.1.0" (instance $policy)))
