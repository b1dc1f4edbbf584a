//! Modules that take more than they may: work, time, stack, memory, output.

use policy::{Allocation, FaultKind, Limits, LoadError, Verdict};

use crate::support::{ask, ask_within, check, class, load, module, sandbox, shown};

#[tokio::test]
async fn an_endless_loop_runs_out_of_fuel_wherever_it_is() {
    for name in ["loop-in-plan", "loop-in-realloc", "loop-in-post-return", "fill-forever"] {
        let outcome = ask(name).await;
        assert_eq!(class(&outcome), "cpu", "{name}");
        let shown = shown(&outcome);
        assert!(shown.contains("plan-network ran for too long (limit cpu: 50000000 units of fuel)"), "{name}: {shown}");
        assert!(shown.starts_with("mode hostile (sha256:"), "{name}: {shown}");
        assert_eq!(outcome.usage.fuel, Limits::default().fuel, "{name}");
    }
}

#[tokio::test]
async fn an_endless_start_is_found_when_the_module_is_added() {
    let sandbox = sandbox(Limits::default());
    let LoadError::Broken(fault) = load(&sandbox, module("loop-in-start")).await.unwrap_err() else { panic!() };
    assert_eq!((fault.call, fault.kind), ("start", FaultKind::Cpu { fuel: 50_000_000 }));
}

#[tokio::test]
async fn with_fuel_for_years_the_clock_ends_it() {
    for name in ["loop-in-plan", "fill-forever"] {
        let outcome = ask_within(name, Limits { fuel: u64::MAX, ticks: 3, ..Limits::default() }).await;
        assert_eq!(class(&outcome), "time", "{name}");
        assert!(shown(&outcome).contains("(limit time: 30 ms)"), "{}", shown(&outcome));
    }
}

#[tokio::test]
async fn memory_ends_at_the_limit_over_all_memories_together() {
    for name in ["grow-memory", "grow-two-memories", "grow-table"] {
        let outcome = ask(name).await;
        assert_eq!(class(&outcome), "memory", "{name}");
        assert!(shown(&outcome).contains("(limit memory: 16777216 bytes)"), "{}", shown(&outcome));
        assert!(outcome.usage.memory <= 16 << 20, "{name}: {}", outcome.usage.memory);
    }
}

#[tokio::test]
async fn memory_beyond_the_limit_from_the_start_is_refused_before_and_after_compiling() {
    let sandbox = sandbox(Limits::default());
    for (name, limit) in
        [("huge-memory", "limit memory: 16777216 bytes"), ("huge-table", "limit table: 20000 elements")]
    {
        let refused = check(&sandbox, module(name)).unwrap_err().to_string();
        assert!(refused.contains(limit), "{refused}");
        // With that check lifted, the engine has no place for it.
        let lifted = Limits { memory: usize::MAX, table_elements: usize::MAX, ..Limits::default() };
        let checked = policy::Checked::new(name, policy::Origin::Site, module(name).into(), &lifted).unwrap();
        let error = sandbox.load(checked).await.unwrap_err();
        assert!(matches!(error, LoadError::Unfit(_) | LoadError::Broken(_)), "{name}: {error}");
    }
}

#[tokio::test]
async fn recursion_ends_at_the_stack_limit() {
    let outcome = ask("recursion").await;
    assert_eq!(class(&outcome), "stack");
    assert!(shown(&outcome).contains("(limit stack: 262144 bytes)"), "{}", shown(&outcome));
}

#[tokio::test]
async fn a_list_that_is_little_for_the_guest_and_much_for_the_host_is_cut_off() {
    let outcome = ask("amplify").await;
    assert_eq!(class(&outcome), "output");
    assert!(shown(&outcome).contains("(limit output: 1048576 bytes)"), "{}", shown(&outcome));
}

/// What the host may grow by at the most: the limit of the answer, and as much again a few times for reading it.
const GROWTH: u64 = 12 << 20;
/// Says to this program that it was started to measure, with no other test beside.
const ALONE: &str = "POLICY_MEASURES_ALONE";

#[tokio::test]
async fn a_list_that_is_little_for_the_guest_takes_little_of_the_host() {
    if std::env::var_os(ALONE).is_none() {
        let mut alone = std::process::Command::new(std::env::current_exe().unwrap());
        let name = "limits::a_list_that_is_little_for_the_guest_takes_little_of_the_host";
        let output = alone.args(["--exact", name, "--nocapture"]).env(ALONE, "1").output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && said.contains("1 passed"),
            "{said}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        return;
    }
    let sandbox = sandbox(Limits::default());
    let loaded = load(&sandbox, module("amplify")).await.unwrap();
    // The peak counts from here on.
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = memory("VmRSS:");
    let outcome = sandbox.ask(&loaded, policy::Question::Network(crate::support::network())).await;
    assert_eq!(class(&outcome), "output");
    let grown = memory("VmHWM:").saturating_sub(before);
    assert!(grown < GROWTH, "400 MB were asked for, and the host grew by {grown} bytes");
}

/// One of the kernel's figures for this process's memory, in bytes.
fn memory(key: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(key)).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
}

#[tokio::test]
async fn without_address_space_for_a_pool_modules_run_all_the_same() {
    let limits = Limits { calls: 4_000_000, ..Limits::default() };
    let sandbox = sandbox(limits);
    assert_eq!(sandbox.allocation(), Allocation::OnDemand);
    let good = load(&sandbox, module("good")).await.unwrap();
    assert!(sandbox.plan_network(&good, &crate::support::network()).await.unwrap().steps.is_empty());
    let grown = load(&sandbox, module("grow-two-memories")).await.unwrap();
    let verdict = sandbox.plan_network(&grown, &crate::support::network()).await.unwrap_err();
    let Verdict::Broken(fault) = verdict else { panic!("{verdict}") };
    assert_eq!(fault.kind, FaultKind::Memory { bytes: 16 << 20 });
}

#[tokio::test]
async fn usage_is_reported_and_the_fuel_is_the_same_each_time() {
    let (one, other) = (ask("good").await, ask("good").await);
    assert!(one.answer.is_ok());
    assert!(one.usage.fuel > 0 && one.usage.fuel < 10_000, "{:?}", one.usage);
    assert_eq!(one.usage.fuel, other.usage.fuel);
    assert_eq!(one.usage.memory, 1 << 16);
}
