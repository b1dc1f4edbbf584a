//! Answers against what is expected of them.

use mode_tools::test::Status;

use crate::house::{Test, flat, nat, only, report, said, tried};

pub(crate) const ALL: &[Test] = &[
    ("another answer is told from the one that is expected", another_answer),
    ("a network that cannot be is nobody's to ask about", no_network),
    ("an invariant that does not hold says why", invariants),
    ("fuel has a limit of its own where a case says so", fuel),
    ("grants are those that the manifest asks for, or fewer", grants),
    ("facts are what the fixture says, or what most hosts would", facts),
    ("what no driver would ask is a fixture's mistake", unaskable),
    ("an option is refused by the manifest as it is for users", bad_option),
    ("of a matrix every run that fails is named by its values", matrix),
    ("what Docker alone knows is noted", notes),
];

const SUBNET: &str = "network.subnets = [\"10.1.0.0/24\"]\n";

fn another_answer() {
    let refused = only(nat(), "plan-network", "expect.plan.steps = []");
    assert_eq!(refused.status, Status::Failed);
    let lines = said(&refused);
    assert_eq!(lines[0], "want  a plan of 0 steps");
    assert!(lines[1].starts_with("got   a refusal, invalid/no-pool: mode nat needs"), "{lines:?}");

    let wanted = "expect.refusal = { class = \"invalid\", code = \"no-pool\", at = \"mtu\" }";
    assert_eq!(said(&only(nat(), "plan-network", wanted))[0], "want  a refusal, invalid/no-pool at mtu");
    let wanted = "expect.denied = { rule = \"grant\", step = \"host\" }";
    let planned = said(&only(nat(), "plan-network", &format!("{SUBNET}{wanted}")));
    assert_eq!(planned[0], "want  a plan that the guard denies in step \"host\", by rule grant");
    let denied = said(&only(nat(), "plan-network", &format!("{SUBNET}grants = []\nexpect.plan.steps = []")));
    assert!(denied[1].starts_with("got   a plan of 4 steps that the guard denies: step 2 \"host\""), "{denied:?}");
    // Another step, by the same rule.
    let wanted = "grants = [\"host-address\"]\nexpect.denied = { rule = \"grant\", step = \"host\" }";
    assert_eq!(only(nat(), "plan-network", &format!("{SUBNET}{wanted}")).status, Status::Failed);
}

fn no_network() {
    let endpoint = "endpoint.addresses = [\"10.1.0.5/24\"]\nexpect.plan.steps = []";
    let lines = said(&only(nat(), "plan-endpoint", endpoint));
    assert!(lines[1].starts_with("got   no network to ask about: the mode refuses it: mode nat needs"), "{lines:?}");
    let lines = said(&only(nat(), "plan-endpoint", &format!("{SUBNET}grants = []\n{endpoint}")));
    assert!(lines[1].contains("no network to ask about: the guard denies its plan: step 2"), "{lines:?}");
}

fn invariants() {
    let all = "expect.invariants = [\"accepted\", \"every-step-granted\", \"addresses-in-pool\", \"undo-is-clean\"]";
    let denied = said(&only(nat(), "plan-network", &format!("{SUBNET}grants = []\n{all}")));
    assert_eq!(denied.len(), 2, "{denied:?}");
    assert!(denied[0].starts_with("not accepted: the guard denies:"));
    assert!(denied[1].starts_with("not every-step-granted: step 2 \"host\" of the plan: a mode does only"));
    let refused = said(&only(nat(), "plan-network", all));
    assert!(refused.len() == 1 && refused[0].starts_with("not accepted: the mode refuses:"), "{refused:?}");
    // A network with pools, and a container with an address of none: nobody but flat without pools takes that.
    let outside = "network.subnets = [\"0.0.0.0/0\", \"10.1.0.0/24\"]\nendpoint.addresses = [\"10.9.0.5/24\"]\n";
    assert_eq!(only(flat(), "plan-endpoint", &format!("{outside}{all}")).status, Status::Passed);
    let both = format!("{SUBNET}expect.plan.steps = [{{ label = \"bridge\", bridge = {{}} }}]\n{all}");
    assert_eq!(only(flat(), "plan-network", &both).status, Status::Passed);
}

fn fuel() {
    let text = format!("{SUBNET}max-fuel = 100\nexpect.invariants = [\"accepted\"]");
    let group = only(nat(), "plan-network", &text);
    assert_eq!(said(&group), [format!("it took {} units of fuel, and may take 100", group.fuel)]);
    assert!(group.fuel > 100 && group.memory > 0 && group.nanoseconds > 0 && group.steps == Some(4), "{group:?}");
}

fn grants() {
    let planned = |grants: &str| {
        let rest = format!("network.options = {{ uplink = \"eth1\" }}\n{grants}\nexpect.invariants = [\"accepted\"]");
        only(flat(), "plan-network", &rest).status
    };
    assert_eq!(planned(""), Status::Passed);
    assert_eq!(planned("grants = [\"uplink=eth1\"]"), Status::Passed);
    assert_eq!(planned("grants = [\"uplink=eth2\"]"), Status::Failed);
    assert_eq!(planned("grants = []"), Status::Failed);
    // Flat's manifest does not ask for nat: granting it changes nothing.
    assert_eq!(planned("grants = [\"nat\"]"), Status::Failed);
}

fn facts() {
    let mtu = |rest: &str| {
        let steps = "[{ label = \"port\", endpoint-port = { bridge = \"bridge\", mtu = 1 } }]";
        let text = format!("endpoint = {{}}\n{rest}\nexpect.plan.steps = {steps}");
        said(&only(flat(), "plan-endpoint", &text)).into_iter().find(|line| line.contains(".mtu")).unwrap()
    };
    assert!(mtu("").ends_with("want 1, got 1500"));
    let uplink = "network.options = { uplink = \"eth1\" }";
    assert!(mtu(uplink).ends_with("want 1, got 1500"));
    assert!(mtu(&format!("{uplink}\nnetwork.facts = {{ \"uplink.mtu\" = 9000 }}")).ends_with("want 1, got 9000"));
    assert!(mtu(&format!("{uplink}\nnetwork.facts = {{}}")).ends_with("want 1, got 1500"), "flat's own default");
}

fn unaskable() {
    let wrong = |call: &str, rest: &str| {
        let text = format!("[[case]]\nname = \"it\"\ncall = \"{call}\"\n{SUBNET}{rest}");
        tried(flat(), &text).unwrap_err().to_string()
    };
    assert!(wrong("plan-endpoint", "").ends_with("case \"it\": endpoint: plan-endpoint asks about one: describe it"));
    assert!(wrong("plan-publish", "endpoint = {}").contains("ports: plan-publish is never asked about none"));
    let collide = wrong("plan-publish", "endpoint = {}\nports = [\"80:80\", \"127.0.0.1:80:81\"]");
    assert!(collide.contains("80->80/tcp and 127.0.0.1:80->81/tcp want the same port of the host"), "{collide}");
    let outside = wrong("plan-endpoint", "endpoint.addresses = [\"10.2.0.5\"]");
    assert!(outside.contains("endpoint.addresses: 10.2.0.5 lies in none of the subnets"), "{outside}");
    let fact = wrong("plan-network", "network.facts = { \"host.mtu\" = 1500 }");
    assert!(
        fact.contains("network.facts: the manifest does not ask for host.mtu; it asks for [uplink.mtu, "),
        "{fact}"
    );
    let link = wrong("plan-network", "host.interfaces = [{ name = \"eth0.7\", parent = \"eth0\" }]");
    assert!(link.contains("host.interfaces: one is on eth0, which is not among them"), "{link}");
    let two = "[[case]]\nname = \"a\"\ncall = \"plan-endpoint\"\n[[case]]\nname = \"b\"\ncall = \"plan-endpoint\"";
    let both = tried(flat(), two).unwrap_err().to_string();
    assert_eq!(both.lines().count(), 2, "all that is wrong is said at once: {both}");
}

fn bad_option() {
    let expects = |option: &str, key: &str| {
        let rest = format!("{SUBNET}network.options = {{ {option} }}\nexpect.bad-option = \"{key}\"");
        said(&only(nat(), "plan-network", &rest))
    };
    assert_eq!(expects("mtu = 1", "mtu"), [""; 0]);
    assert!(expects("mtu = 1", "icc")[1].starts_with("got   option mtu: \"1\" cannot be"));
    assert_eq!(expects("mtu = 1500", "mtu")[0], "want  the manifest refuses the option mtu");
    let unexpected = format!(
        "[[case]]\nname = \"it\"\ncall = \"plan-network\"\n{SUBNET}network.options.mtu = 1\nexpect.invariants = [\"accepted\"]"
    );
    let unexpected = tried(nat(), &unexpected).unwrap_err().to_string();
    assert!(unexpected.contains("case \"it\": options: option mtu: \"1\" cannot be"), "{unexpected}");
}

fn matrix() {
    let rest = "vary = { \"network.subnets\" = [[], [\"10.1.0.0/24\"]], \"network.options.icc\" = [true] }\n\
                expect.invariants = [\"accepted\"]";
    let group = only(nat(), "plan-network", rest);
    assert_eq!((group.runs, group.failures.len(), group.status), (2, 1, Status::Failed));
    assert_eq!(group.failures[0].values, "icc=true, subnets=[]");
}

fn notes() {
    let text = format!(
        "[[case]]\nname = \"it\"\ncall = \"plan-network\"\n{SUBNET}\
         network.options = {{ \"com.docker.network.driver.mtuu\" = 1 }}\nexpect.invariants = [\"accepted\"]"
    );
    let report = report(nat(), &text);
    assert_eq!(report.status, Status::Passed);
    assert!(report.to_string().contains("note  option com.docker.network.driver.mtuu is ignored"), "{report}");
}
