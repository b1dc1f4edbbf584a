//! What the bench is asked for.

/// How to ask.
pub(crate) const USAGE: &str = "\
usage: lab-bench [--json] [--starts | --endpoints N,N,...]
  --json                 the numbers for programs
  --endpoints N,N,...    how many endpoints there are while it measures, in ascending order (1,10,100,1000)
  --starts               only what the driver's start takes, and the first network after it";

/// How many endpoints there are, unless it is said.
const ENDPOINTS: [usize; 4] = [1, 10, 100, 1000];

/// What the bench is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Arguments {
    /// Whether a program reads the report.
    pub(crate) json: bool,
    /// Whether only the driver's start is measured.
    pub(crate) starts: bool,
    /// How many endpoints there are while it measures, ascending.
    pub(crate) endpoints: Vec<usize>,
}

impl Arguments {
    /// Reads them; a complaint if they make no sense.
    pub(crate) fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut read = Self { json: false, starts: false, endpoints: ENDPOINTS.to_vec() };
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--json" => read.json = true,
                "--starts" => read.starts = true,
                "--endpoints" => read.endpoints = numbers(&arguments.next().unwrap_or_default())?,
                other => return Err(format!("no such argument: {other}")),
            }
        }
        Ok(read)
    }
}

fn numbers(text: &str) -> Result<Vec<usize>, String> {
    let numbers: Result<Vec<usize>, _> = text.split(',').map(str::parse).collect();
    match numbers {
        Ok(numbers) if numbers.is_sorted() && numbers[0] > 0 => Ok(numbers),
        _ => Err(format!("not ascending numbers from 1: {text}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Result<Arguments, String> {
        Arguments::read(arguments.iter().map(|argument| (*argument).to_owned()))
    }

    #[test]
    fn what_is_not_said_has_a_default() {
        assert_eq!(read(&[]), Ok(Arguments { json: false, starts: false, endpoints: vec![1, 10, 100, 1000] }));
        assert_eq!(
            read(&["--endpoints", "2,20", "--json"]),
            Ok(Arguments { json: true, starts: false, endpoints: vec![2, 20] })
        );
    }

    #[test]
    fn a_start_can_be_asked_for_alone() {
        assert!(read(&["--starts"]).unwrap().starts);
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        for bad in [["--endpoints", "20,2"], ["--endpoints", "0,1"], ["--endpoints", ""], ["--json", "--speed"]] {
            let complaint = read(&bad).unwrap_err();
            assert!(complaint.contains(bad[1]), "{complaint}");
        }
    }
}
