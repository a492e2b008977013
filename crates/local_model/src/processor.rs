//! How many threads to compute with.

use std::collections::BTreeSet;
use std::fs;
use std::thread;

/// Physical cores that this process may use, at least 1. Two hardware threads of one core share
/// the units that inference keeps busy, so that counting them twice makes it slower.
#[must_use]
pub fn physical_cores() -> u32 {
    let allowed = thread::available_parallelism().map_or(1, usize::from);
    let cores = fs::read_to_string("/proc/cpuinfo").map_or(0, |text| count_cores(&text));
    let cores = if cores == 0 {
        allowed
    } else {
        cores.min(allowed)
    };
    u32::try_from(cores).unwrap_or(u32::MAX)
}

/// Distinct pairs of `physical id` and `core id` in `/proc/cpuinfo`; 0 where it has none.
fn count_cores(cpuinfo: &str) -> usize {
    let mut cores = BTreeSet::new();
    let mut package = None;
    for line in cpuinfo.lines() {
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        match name.trim() {
            "physical id" => package = Some(value.trim()),
            "core id" => {
                cores.insert((package, value.trim()));
            }
            _ => {}
        }
    }
    cores.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_threads_of_a_core_count_once() {
        let text = "processor\t: 0\nphysical id\t: 0\ncore id\t: 0\n\n\
                    processor\t: 1\nphysical id\t: 0\ncore id\t: 0\n\n\
                    processor\t: 2\nphysical id\t: 0\ncore id\t: 1\n\n\
                    processor\t: 3\nphysical id\t: 1\ncore id\t: 1\n";
        assert_eq!(count_cores(text), 3);
        assert_eq!(count_cores("processor : 0\n"), 0);
        assert!(physical_cores() >= 1);
    }
}
