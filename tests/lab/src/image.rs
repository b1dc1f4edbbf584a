//! The image that the lab's containers are made of: busybox, and `lab-peer` with the libraries it is linked to.

use crate::command::run;
use crate::paths;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the image is called in every daemon of the lab.
pub(crate) const IMAGE: &str = "lab";

/// Puts the image together in `folder` (`busybox`, `lab-peer` and its libraries as arguments) and packs it.
const PACK: &str = "\
set -eu
root=$0/image busybox=$1 peer=$2
mkdir -p $root/bin $root/tmp $root/etc
cp $busybox $root/bin/busybox
$root/bin/busybox --install $root/bin
cp $peer $root/bin/lab-peer
for library in $(ldd $peer | grep -o '/[^ ]*'); do mkdir -p $root${library%/*}; cp -L $library $root$library; done
tar -C $root -cf $0/image.part .
mv $0/image.part $0/image.tar";

/// The image as an archive for `docker import`, made once for a world, in its `folder`.
pub(crate) fn archive(folder: &Path) -> PathBuf {
    let archive = folder.join("image.tar");
    if !archive.exists() {
        let busybox = paths::busybox();
        let mut pack = Command::new("sh");
        pack.args(["-c", PACK]).arg(folder).arg(busybox).arg(paths::built("lab-peer"));
        run("pack the image", &mut pack).unwrap_or_else(|failed| panic!("lab: {failed}"));
    }
    archive
}
