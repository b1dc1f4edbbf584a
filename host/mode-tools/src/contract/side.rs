//! One of the two texts, and how its types are written.

use wit_parser::{
    Handle, Interface, InterfaceId, PackageId, PackageName, Resolve, Type, TypeDefKind, TypeId, TypeOwner, World,
    WorldId, WorldItem, WorldKey,
};

use super::ContractError;

/// A package, parsed.
pub(super) struct Side {
    pub(super) resolve: Resolve,
    package: PackageId,
}

impl Side {
    pub(super) fn parse(which: &'static str, text: &str) -> Result<Self, ContractError> {
        let mut resolve = Resolve::default();
        match resolve.push_source("mode.wit", text) {
            Ok(package) => Ok(Self { resolve, package }),
            Err(error) => Err(ContractError { which, reason: resolve.render_error(&error) }),
        }
    }

    pub(super) fn name(&self) -> &PackageName {
        &self.resolve.packages[self.package].name
    }

    /// Without the version.
    pub(super) fn base_name(&self) -> String {
        format!("{}:{}", self.name().namespace, self.name().name)
    }

    pub(super) fn interfaces(&self) -> Vec<(String, InterfaceId)> {
        self.resolve.packages[self.package].interfaces.iter().map(|(name, id)| (name.clone(), *id)).collect()
    }

    pub(super) fn interface(&self, name: &str) -> Option<InterfaceId> {
        self.resolve.packages[self.package].interfaces.get(name).copied()
    }

    pub(super) fn worlds(&self) -> Vec<(String, WorldId)> {
        self.resolve.packages[self.package].worlds.iter().map(|(name, id)| (name.clone(), *id)).collect()
    }

    pub(super) fn world(&self, name: &str) -> Option<WorldId> {
        self.resolve.packages[self.package].worlds.get(name).copied()
    }

    /// How a world calls what it imports or exports: an interface of this package by its plain name.
    pub(super) fn key(&self, key: &WorldKey) -> String {
        match key {
            WorldKey::Name(name) => name.clone(),
            WorldKey::Interface(id) => match &self.resolve.interfaces[*id] {
                Interface { name: Some(name), package: Some(package), .. } if *package == self.package => name.clone(),
                _ => self.resolve.name_canonicalized_world_key(key),
            },
        }
    }

    /// Whether any world exports an interface: then modules implement it, and the driver calls.
    pub(super) fn is_exported(&self, interface: InterfaceId) -> bool {
        let is_it = |item: &WorldItem| matches!(item, WorldItem::Interface { id, .. } if *id == interface);
        let exports = |world: &World| world.exports.values().any(is_it);
        self.resolve.worlds.iter().any(|(_, world)| exports(world))
    }

    /// A type as it is written, by the names that it is written with.
    pub(super) fn written(&self, of: &Type) -> String {
        self.text(of, false)
    }

    /// A type with the names of others followed to what they mean, as far as modules can tell: to records, variants and
    /// the like, which are compared by themselves.
    pub(super) fn meant(&self, of: &Type) -> String {
        self.text(of, true)
    }

    fn text(&self, of: &Type, follow: bool) -> String {
        match of {
            Type::Id(id) => self.named(*id, follow),
            Type::ErrorContext => "error-context".to_owned(),
            plain => format!("{plain:?}").to_lowercase(),
        }
    }

    fn named(&self, id: TypeId, follow: bool) -> String {
        let of = &self.resolve.types[id];
        match (&of.name, &of.kind) {
            (Some(name), _) if !follow => name.clone(),
            (
                Some(name),
                TypeDefKind::Record(_)
                | TypeDefKind::Variant(_)
                | TypeDefKind::Enum(_)
                | TypeDefKind::Flags(_)
                | TypeDefKind::Resource,
            ) => format!("{}{name}", self.owner(of.owner)),
            _ => self.kind(&of.kind, follow),
        }
    }

    /// The text of a kind of type that is written where it is used.
    pub(super) fn kind(&self, kind: &TypeDefKind, follow: bool) -> String {
        let text = |of: &Type| self.text(of, follow);
        let maybe = |of: &Option<Type>| of.as_ref().map_or_else(|| "_".to_owned(), text);
        match kind {
            TypeDefKind::Type(of) => text(of),
            TypeDefKind::List(of) => format!("list<{}>", text(of)),
            TypeDefKind::FixedLengthList(of, length) => format!("list<{}, {length}>", text(of)),
            TypeDefKind::Map(key, value) => format!("map<{}, {}>", text(key), text(value)),
            TypeDefKind::Option(of) => format!("option<{}>", text(of)),
            TypeDefKind::Result(of) => format!("result<{}, {}>", maybe(&of.ok), maybe(&of.err)),
            TypeDefKind::Tuple(of) => format!("tuple<{}>", of.types.iter().map(text).collect::<Vec<_>>().join(", ")),
            TypeDefKind::Future(of) => format!("future<{}>", maybe(of)),
            TypeDefKind::Stream(of) => format!("stream<{}>", maybe(of)),
            TypeDefKind::Handle(Handle::Own(id)) => self.named(*id, follow),
            TypeDefKind::Handle(Handle::Borrow(id)) => format!("borrow<{}>", self.named(*id, follow)),
            other => other.as_str().to_owned(),
        }
    }

    fn owner(&self, owner: TypeOwner) -> String {
        match owner {
            TypeOwner::Interface(id) => {
                self.resolve.interfaces[id].name.as_ref().map(|name| format!("{name}.")).unwrap_or_default()
            }
            TypeOwner::World(_) | TypeOwner::None => String::new(),
        }
    }
}
