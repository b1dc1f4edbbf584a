;; Says two things about itself.
(component
  (@custom "ovs-mode-manifest" "name = \"one\"")
  (@custom "ovs-mode-manifest" "name = \"two\"")
  (instance $policy)
  (export "ovs:mode/policy@1.0.0" (instance $policy)))
