;; Logs and refuses in words that would clear a terminal, forge a line and turn the reading direction.
(module
  (import "ovs:mode/log@1.0.0" "log" (func $log (param i32 i32 i32)))
  (memory (export "memory") 1)
  (global $next (mut i32) (i32.const 8192))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    (local $at i32)
    (local.set $at (global.get $next))
    (global.set $next (i32.and (i32.add (i32.add (local.get $at) (local.get 3)) (i32.const 7)) (i32.const -8)))
    (local.get $at))
  ;; ESC ]0;t BEL ESC [2J CR LF NUL, then U+009B and U+202E.
  (data (i32.const 2048) "\1b]0;t\07\1b[2J\0d\0a\00\c2\9b\e2\80\aex")
  (func (export "ovs:mode/policy@1.0.0#plan-network")
    (param i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
    (call $log (i32.const 2) (i32.const 2048) (i32.const 19))
    (i32.store8 (i32.const 1024) (i32.const 1))
    ;; code
    (i32.store (i32.const 1032) (i32.const 2048))
    (i32.store (i32.const 1036) (i32.const 19))
    ;; message
    (i32.store (i32.const 1040) (i32.const 2048))
    (i32.store (i32.const 1044) (i32.const 19))
    ;; at
    (i32.store8 (i32.const 1048) (i32.const 1))
    (i32.store (i32.const 1052) (i32.const 2048))
    (i32.store (i32.const 1056) (i32.const 19))
    (i32.const 1024))
  (func (export "ovs:mode/policy@1.0.0#plan-endpoint") (param i32) (result i32)
    unreachable)
  (func (export "ovs:mode/policy@1.0.0#plan-publish") (param i32) (result i32)
    unreachable))
