//! Repairing what a look found wrong: first what is this host's own, then what is in the northbound database, which may be
//! away for longer. What a repair made stays where a later part of it fails: it is what was planned.

use plan::{AdmittedStep, InterfaceName};
use tokio::time::Instant;

use super::Plumbing;
use super::routes;
use super::verify::Look;
use crate::kind::{self, Parts};
use crate::ovn::RowSpec;
use crate::ovs::PortSpec;
use crate::{Condition, Error, Finding, Work};

impl Plumbing {
    pub(super) async fn repair_work(&self, work: &Work, deadline: Instant) -> Result<Vec<Finding>, Error> {
        let Look { findings, knows_north } = self.look(work, deadline).await?;
        let broken = those(work, &findings, |condition| matches!(condition, Condition::Broken(_)));
        let broken = kind::all_parts(&Work { steps: broken, ..work.clone() })?;
        let ports: Vec<InterfaceName> = broken.iter().flat_map(Parts::ports).map(|port| port.name.clone()).collect();
        self.ovs.remove_ports(&ports, deadline).await?;
        let wrong = |condition: &Condition| matches!(condition, Condition::Missing | Condition::Different(_));
        let scope = work.steps.iter().chain(&work.scope).cloned().collect();
        let work = Work { mark: work.mark.clone(), steps: those(work, &findings, wrong), scope };
        let mut parts = kind::all_parts(&work)?;
        let others = self.reached_beside(&parts, &self.ovs.session().view(deadline).await?).await?;
        let free = parts.iter().try_for_each(|parts| routes::stand(parts, &others));
        routes::leave_others_alone(&mut parts, &others);
        let rows: Vec<RowSpec> = parts.iter_mut().flat_map(|parts| std::mem::take(&mut parts.rows)).collect();
        self.perform_parts(&work, &mut parts, &[], deadline).await?;
        if knows_north {
            self.put_rows_right(&work, &rows, &parts, deadline).await?;
        }
        free?;
        // That a tunnel leads nowhere is nothing that was repaired.
        self.check_underlay(&work, &mut parts, deadline).await?;
        Ok(findings)
    }

    /// Makes rows whose ports stand, and waits until OVN has connected those.
    async fn put_rows_right(
        &self,
        work: &Work,
        rows: &[RowSpec],
        parts: &[Parts],
        deadline: Instant,
    ) -> Result<(), Error> {
        if rows.is_empty() {
            return Ok(());
        }
        self.ovn.make(rows, &work.mark, &mut Vec::new(), deadline).await?;
        let ports: Vec<PortSpec> = parts.iter().flat_map(Parts::ports).cloned().collect();
        self.bound(&ports, deadline).await
    }
}

/// The steps whose objects were found so.
fn those(work: &Work, findings: &[Finding], so: impl Fn(&Condition) -> bool) -> Vec<AdmittedStep> {
    let pairs = work.steps.iter().zip(findings);
    pairs.filter(|(_, finding)| so(&finding.condition)).map(|(step, _)| step.clone()).collect()
}
