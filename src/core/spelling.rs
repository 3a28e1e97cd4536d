//! Names that were nearly typed right.

/// Longest name that is compared, in characters: the work grows with its square.
const LONGEST: usize = 64;

/// The one of `names` that `typed` was meant to be: another, and no more than two slips away.
#[must_use]
pub fn near<'n>(typed: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    // A third of a short name is hardly a slip.
    let most = 2.min(typed.chars().count() / 3);
    names
        .map(|name| (slips(typed, name), name))
        .filter(|(slips, _)| (1..=most).contains(slips))
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, name)| name)
}

/// How many characters were left out, added, taken for others, or swapped with their neighbours; case alone
/// counts as one slip.
fn slips(one: &str, other: &str) -> usize {
    if one == other {
        return 0;
    }
    let folded = |text: &str| text.to_lowercase().chars().take(LONGEST + 1).collect();
    let (one, other): (Vec<char>, Vec<char>) = (folded(one), folded(other));
    if one.len().max(other.len()) > LONGEST {
        return usize::MAX;
    }
    let mut two_before: Vec<usize> = Vec::new();
    let mut before: Vec<usize> = (0..=other.len()).collect();
    for (row, &own) in one.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, &theirs) in other.iter().enumerate() {
            let replaced = before[column] + usize::from(own != theirs);
            let mut least = replaced
                .min(before[column + 1] + 1)
                .min(current[column] + 1);
            let is_swapped =
                row > 0 && column > 0 && own == other[column - 1] && one[row - 1] == theirs;
            if is_swapped {
                least = least.min(two_before[column - 1] + 1);
            }
            current.push(least);
        }
        two_before = std::mem::replace(&mut before, current);
    }
    before[other.len()].max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_from_other_names() {
        let names = ["keys.json", "public.json", "a"];
        let near = |typed| near(typed, names.into_iter());
        for typed in [
            "keys.josn",
            "key.json",
            "kyes.json",
            "Keys.json",
            "keyss.jsn",
        ] {
            assert_eq!(near(typed), Some("keys.json"), "{typed}");
        }
        for typed in ["keys.json", "b", "", "token", &"x".repeat(10_000)] {
            assert_eq!(near(typed), None, "{typed}");
        }
    }
}
