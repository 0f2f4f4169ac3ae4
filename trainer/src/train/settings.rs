//! Changes to a recipe from the command line.

use anyhow::{Context, Result, anyhow};
use serde_json::Value;

use super::recipe::Recipe;

/// The recipe with changes of the form `batch.mixup_share=0` or `network.stages.0.stride=1`: a path of fields and
/// indices, then a JSON value.
///
/// # Errors
/// For a path that the recipe doesn't have or a value that doesn't fit there.
pub fn changed(recipe: &Recipe, changes: &[String]) -> Result<Recipe> {
    let mut value = serde_json::to_value(recipe)?;
    for change in changes {
        let (path, new) =
            change.split_once('=').with_context(|| format!("expected PATH=VALUE, got {change}"))?;
        let pointer = format!("/{}", path.replace('.', "/"));
        let place = value.pointer_mut(&pointer).ok_or_else(|| anyhow!("the recipe has no {path}"))?;
        *place = serde_json::from_str::<Value>(new)
            .with_context(|| format!("expected a JSON value for {path}, got {new}"))?;
    }
    serde_json::from_value(value).with_context(|| format!("a value doesn't fit: {}", changes.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(change: &str) -> Result<Recipe> {
        changed(&Recipe::default(), &[change.to_owned()])
    }

    #[test]
    fn a_path_and_a_value() -> Result<()> {
        assert_eq!(change("batch.mixup_share=0")?.batch.mixup_share, 0.0);
        assert_eq!(change("network.stages.0.stride=1")?.network.stages[0].stride, 1);
        assert_eq!(change("network.stages.1.residual=[2,4]")?.network.stages[1].residual, [2, 4]);
        Ok(())
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for wrong in ["epochs", "no.such=1", "epochs=many", "epochs=-1", "epochs=\"a\"", "batch=1"] {
            assert!(change(wrong).is_err(), "{wrong}");
        }
    }
}
