//! How much memory there is, and how much a process uses.

use std::fs;

/// Memory that a new process can use without pushing others out, in bytes: `MemAvailable` of
/// `/proc/meminfo`, cut down to what the control group (cgroup v2) still allows. `None` where
/// the system does not tell.
#[must_use]
pub fn available_bytes() -> Option<u64> {
    let available = parse_available(&fs::read_to_string("/proc/meminfo").ok()?)?;
    let group = fs::read_to_string("/sys/fs/cgroup/memory.max")
        .ok()
        .zip(fs::read_to_string("/sys/fs/cgroup/memory.current").ok())
        .and_then(|(limit, used)| group_remainder(&limit, &used));
    Some(group.map_or(available, |remainder| remainder.min(available)))
}

/// Resident memory of this process in bytes; `None` where the system does not tell.
#[must_use]
pub fn resident_bytes() -> Option<u64> {
    parse_field(&fs::read_to_string("/proc/self/status").ok()?, "VmRSS:")
}

/// Says a number of bytes the way people read it: `1.1 GB`, `491 MB`.
#[must_use]
pub fn readable(bytes: u64) -> String {
    const MEGA: u64 = 1_000_000;
    if bytes >= 1_000 * MEGA {
        format!(
            "{}.{} GB",
            bytes / (1_000 * MEGA),
            bytes % (1_000 * MEGA) / (100 * MEGA)
        )
    } else if bytes >= MEGA {
        format!("{} MB", bytes / MEGA)
    } else {
        format!("{} KB", bytes / 1_000)
    }
}

fn parse_available(meminfo: &str) -> Option<u64> {
    parse_field(meminfo, "MemAvailable:")
}

/// `Name:   1234 kB` in a file of `/proc`; its "kB" are units of 1,024 bytes (proc(5)).
fn parse_field(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

/// What a control group may still use; `max` means no limit.
fn group_remainder(limit: &str, used: &str) -> Option<u64> {
    let limit: u64 = limit.trim().parse().ok()?;
    let used: u64 = used.trim().parse().ok()?;
    Some(limit.saturating_sub(used))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn available_memory_is_read_from_meminfo() {
        let text = "MemTotal:  24000000 kB\nMemFree: 1 kB\nMemAvailable:   2048 kB\n";
        assert_eq!(parse_available(text), Some(2 * 1024 * 1024));
        assert_eq!(parse_available("MemTotal: 5 kB\n"), None);
        assert_eq!(parse_available("MemAvailable: many kB\n"), None);
    }

    #[test]
    fn a_control_group_without_limit_does_not_count() {
        assert_eq!(group_remainder("max\n", "100\n"), None);
        assert_eq!(group_remainder("1000\n", "100\n"), Some(900));
        assert_eq!(group_remainder("100\n", "1000\n"), Some(0));
    }

    #[test]
    fn sizes_read_well() {
        assert_eq!(readable(1_117_320_768), "1.1 GB");
        assert_eq!(readable(491_400_064), "491 MB");
        assert_eq!(readable(12_345), "12 KB");
    }
}
