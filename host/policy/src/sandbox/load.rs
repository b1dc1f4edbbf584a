//! From a module that was checked to one that can be asked: compiled, or taken from what is kept, and tried.

use std::collections::BTreeSet;
use std::time::Instant;

use plan::ModeDigest;
use wasmtime::component::Component;

use super::fault::is_hosts;
use super::{Sandbox, Shared};
use crate::cache::Key;
use crate::contract::Prepared;
use crate::machine_code::MachineCode;
use crate::{Checked, CompileCost, LoadError, Loaded, Origin};

impl Sandbox {
    /// Compiles a module in a child process, or takes what is kept of that, and tries whether it starts and fits the
    /// contract.
    ///
    /// # Errors
    ///
    /// Where it does not compile within the limits, does not fit, or breaks when it starts; or where it could not be tried
    /// ([`LoadError::can_retry`]).
    pub async fn load(&self, checked: Checked) -> Result<Loaded, LoadError> {
        let shared = &self.0;
        let _alone = match checked.origin {
            Origin::Site => Some(shared.loading.acquire().await),
            Origin::BuiltIn => None,
        };
        if let Some(component) = self.kept(&checked).await {
            return self.blocking(move |shared| shared.try_out(checked, &component)).await;
        }
        let began = Instant::now();
        let code = shared.compiler.compile(&checked.bytes, &shared.limits).await?;
        let taken = began.elapsed();
        self.blocking(move |shared| {
            let component = code.load(&shared.engine).map_err(|error| unfit(&error))?;
            let loaded = shared.try_out(checked, &component)?;
            if let Some(cache) = &shared.cache {
                cache.put(&Key::new(loaded.digest(), &shared.engine), code.bytes(), taken);
            }
            Ok(loaded)
        })
        .await
    }

    /// A module that was compiled earlier and kept, if it was and can be taken.
    async fn kept(&self, checked: &Checked) -> Option<Component> {
        self.0.cache.as_ref()?;
        let digest = checked.digest.clone();
        self.blocking(move |shared| shared.kept(&digest)).await
    }

    /// Drops what is kept of compiled modules but for some. Touches the disk: not for a thread that serves others.
    pub(crate) fn keep_only(&self, needed: &BTreeSet<ModeDigest>) {
        if let Some(cache) = &self.0.cache {
            cache.keep_only(needed, &self.0.engine);
        }
    }

    /// Compiles a module as [`Sandbox::load`] does where nobody has before, and throws the result away: what that takes,
    /// for reports.
    ///
    /// # Errors
    ///
    /// Where it does not compile within the limits.
    pub async fn compile_cost(&self, checked: &Checked) -> Result<CompileCost, LoadError> {
        let began = Instant::now();
        let code = self.0.compiler.compile(&checked.bytes, &self.0.limits).await?;
        Ok(CompileCost { time: began.elapsed(), size: code.bytes().len() })
    }
}

impl Shared {
    /// What is kept of a module, made callable. What wasmtime does not take is thrown away.
    fn kept(&self, digest: &ModeDigest) -> Option<Component> {
        let cache = self.cache.as_ref()?;
        let key = Key::new(digest, &self.engine);
        match MachineCode::from_our_cache(cache.get(&key)?).load(&self.engine) {
            Ok(component) => Some(component),
            Err(error) => {
                tracing::warn!(module = %digest, "a kept module is not taken, and compiled again: {error:#}");
                cache.remove(&key);
                None
            }
        }
    }

    /// Links a module, and tries it.
    fn try_out(&self, checked: Checked, component: &Component) -> Result<Loaded, LoadError> {
        let linked = self.linker.instantiate_pre(component);
        let prepared = linked.and_then(|linked| Prepared::new(checked.contract, linked));
        let prepared = prepared.map_err(|error| unfit(&error))?;
        self.attempt(&checked, &prepared)?;
        Ok(Loaded::new(checked, prepared, self.limits.calls_of_one))
    }
}

/// What keeps a module from being instantiated: its own shape, or for the moment the host.
pub(super) fn unfit(error: &wasmtime::Error) -> LoadError {
    let reason = crate::escape::printable_within(&format!("{error:#}"), 512);
    if is_hosts(error) { LoadError::NoPlace(reason) } else { LoadError::Unfit(reason) }
}
