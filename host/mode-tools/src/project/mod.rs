//! New projects: a mode that works, in one of four languages, to be made another one.
//!
//! What is written are this repository's own examples, which its tests build and test, with their name replaced: there
//! is no other template. A project has all it needs but its language's ordinary tools; the SDK is in it.

mod error;
mod language;
mod name;
mod readme;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub use error::ProjectError;
pub use language::Language;

/// What of a project is the SDK's and the contract's, and has no project's name in it.
const NOT_ITS_OWN: [&str; 2] = ["sdk/", "wit/"];

/// A project that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Where it is.
    pub directory: PathBuf,
    /// Its files, relative to the directory.
    pub files: Vec<&'static str>,
    /// The commands that build and test it, from its README.
    pub commands: Vec<String>,
}

impl Project {
    /// Writes a project of a mode.
    ///
    /// # Errors
    ///
    /// Where no mode can have the name, the directory has something in it, or a file cannot be written.
    pub fn create(name: &str, language: Language, directory: &Path) -> Result<Self, ProjectError> {
        if !policy::is_mode_name(name) {
            return Err(ProjectError::Name(name.to_owned()));
        }
        if !is_free(directory).map_err(|source| ProjectError::at(directory, source))? {
            return Err(ProjectError::Occupied(directory.to_owned()));
        }
        let mut project = Self { directory: directory.to_owned(), files: Vec::new(), commands: Vec::new() };
        for (file, bytes) in language.files() {
            project.add(file, bytes, name).map_err(|source| ProjectError::at(&directory.join(file), source))?;
        }
        Ok(project)
    }

    fn add(&mut self, file: &'static str, bytes: &[u8], name: &str) -> io::Result<()> {
        let path = self.directory.join(file);
        fs::create_dir_all(path.parent().unwrap_or(&self.directory))?;
        self.files.push(file);
        if NOT_ITS_OWN.iter().any(|folder| file.starts_with(folder)) {
            return fs::write(path, bytes);
        }
        let text = str::from_utf8(bytes).map_err(|_| io::Error::other("it is no text and cannot be given a name"))?;
        let text = name::renamed(text, name);
        if file == "README.md" {
            self.commands = readme::commands(&text);
        }
        fs::write(path, text)
    }
}

/// Whether a directory is not there, or has nothing in it.
fn is_free(directory: &Path) -> io::Result<bool> {
    match fs::read_dir(directory) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}
