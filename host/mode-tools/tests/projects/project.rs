//! What `mode new` writes.

use std::fs;

use mode_tools::fixture::Fixture;
use mode_tools::project::{Language, Project, ProjectError};
use policy::Manifest;

#[test]
fn a_project_has_its_own_name_and_all_it_needs() {
    for language in Language::ALL {
        let place = tempfile::tempdir().unwrap();
        let directory = place.path().join("deep/in");
        let project = Project::create("my-net", language, &directory).unwrap();
        let read = |file: &str| fs::read_to_string(directory.join(file)).unwrap();
        assert_eq!(Manifest::parse(read("mode.toml").as_bytes()).unwrap().name, "my-net", "{language}");
        for file in
            ["README.md", ".gitignore", ".github/workflows/test.yml", "tests/network.toml", "tests/endpoint.toml"]
        {
            assert!(project.files.contains(&file), "{language}: {file}");
        }
        for file in ["tests/network.toml", "tests/endpoint.toml"] {
            Fixture::load(&directory.join(file)).unwrap();
        }
        for file in project.files.iter().filter(|file| !file.starts_with("sdk/") && !file.starts_with("wit/")) {
            let text = read(file);
            let mut words = text.split(|character: char| !character.is_alphanumeric());
            assert!(words.all(|word| word != "lab"), "{language}: {file} has the example's name");
        }
    }
}

#[test]
fn continuous_integration_runs_what_the_readme_says() {
    for language in Language::ALL {
        let place = tempfile::tempdir().unwrap();
        let project = Project::create("my-net", language, place.path()).unwrap();
        let workflow = fs::read_to_string(place.path().join(".github/workflows/test.yml")).unwrap();
        assert!(!project.commands.is_empty(), "{language}");
        for command in &project.commands {
            assert!(workflow.contains(&format!("- run: {command}\n")), "{language}: {command}");
        }
    }
}

#[test]
fn the_contract_of_a_project_is_this_drivers() {
    let contract = fs::read(crate::repository().join("wit/mode.wit")).unwrap();
    for language in [Language::Rust, Language::Js, Language::Python] {
        let place = tempfile::tempdir().unwrap();
        Project::create("my-net", language, place.path()).unwrap();
        assert_eq!(fs::read(place.path().join("wit/mode.wit")).unwrap(), contract, "{language}");
    }
}

#[test]
fn nothing_that_is_there_is_written_over() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("mine"), "").unwrap();
    let error = Project::create("my-net", Language::C, place.path()).unwrap_err();
    assert!(matches!(&error, ProjectError::Occupied(path) if path == place.path()), "{error}");
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
}

#[test]
fn a_name_is_one_that_a_mode_can_have() {
    let place = tempfile::tempdir().unwrap();
    for name in ["", "My", "a b", "../x", "a.b", "123456789012345678901234567890123"] {
        let error = Project::create(name, Language::Js, &place.path().join("x")).unwrap_err();
        assert!(matches!(&error, ProjectError::Name(wrong) if wrong == name), "{error}");
    }
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
}
