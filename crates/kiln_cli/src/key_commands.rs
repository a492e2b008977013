//! `kiln-cli model remove-key`.

use std::sync::Arc;

use anyhow::bail;
use fs::KilnPaths;

use crate::exit::{Exit, UsageError};
use crate::project::user_settings_alone;
use crate::terminal::{self, visible};

/// Removes the saved key of a provider after a yes. One that is not set up any more may have left
/// a key, too: it is kept under the provider's name.
pub async fn remove(paths: &KilnPaths, name: &str, yes: bool) -> anyhow::Result<Exit> {
    let settings = user_settings_alone(paths)?;
    let catalog = crate::models::catalog(&settings, paths)?.catalog();
    let keys = Arc::clone(catalog.keys());
    let provider = catalog.provider(name);
    let account = name.to_owned();
    // The keyring may take its time.
    let found = tokio::task::spawn_blocking({
        let (keys, account) = (Arc::clone(&keys), account.clone());
        move || keys.get(&account)
    });
    let saved = found.await??.is_some();
    let called = visible(&provider.map_or_else(|| name.to_owned(), |found| found.display_name()));
    let variable = provider.and_then(|provider| keys.variable(&provider.key));
    if !saved {
        if let Some(variable) = variable {
            bail!(
                "the key of {called} comes from the environment variable {variable} and is not saved; unset it where it is set"
            );
        }
        if provider.is_some() {
            bail!("no key of {called} is saved");
        }
        let names: Vec<&str> = catalog
            .providers()
            .iter()
            .filter(|provider| provider.key.account().is_some())
            .map(|provider| provider.name.as_str())
            .collect();
        let message = format!(
            "there is no provider {called} and no saved key of one; there are: {}",
            visible(&names.join(", "))
        );
        return Err(UsageError(message).into());
    }
    let question = format!("Remove the saved key of {called}?");
    if !yes && !terminal::agrees(&question, "no key", "removed")? {
        return Ok(Exit::Failed);
    }
    tokio::task::spawn_blocking({
        let keys = Arc::clone(&keys);
        move || keys.remove(&account)
    })
    .await??;
    println!("The saved key of {called} is removed.");
    if let Some(variable) = variable {
        println!("The one of the environment variable {variable} is used on.");
    }
    Ok(Exit::Done)
}
