//! Sizes in words.

/// A size as people read it, in decimal units: "397 MB", "1.1 GB".
pub(crate) fn byte_size(bytes: u64) -> String {
    const MB: f64 = 1_000_000.;
    let bytes = bytes as f64;
    if bytes >= 1000. * MB {
        format!("{:.1} GB", bytes / (1000. * MB))
    } else {
        format!("{:.0} MB", bytes / MB)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_well() {
        assert_eq!(byte_size(1_117_320_768), "1.1 GB");
        assert_eq!(byte_size(397_000_000), "397 MB");
        assert_eq!(byte_size(0), "0 MB");
    }
}
