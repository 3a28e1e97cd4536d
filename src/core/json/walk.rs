//! Checking a value without keeping it.

use super::outline::{Outline, Part};
use super::read::{Marks, first_repeated};
use super::split::{Splitter, Stop, first_fault, text_of};
use super::{JsonError, Text};

/// Goes over a value and keeps nothing of it. Depth and strings are checked always, member names
/// where they must be distinct.
pub(super) struct Walk<'a> {
    /// The names of the objects that are open, when they must be distinct.
    names: Option<Vec<(Text<'a>, usize)>>,
}

impl<'a> Walk<'a> {
    /// Member names may repeat.
    pub(super) fn lenient() -> Self {
        Self { names: None }
    }

    /// No object may have a member name twice.
    pub(super) fn strict() -> Self {
        Self {
            names: Some(Vec::new()),
        }
    }

    /// Passes the value that comes next, which lies `depth` levels deep.
    pub(super) fn value(&mut self, splitter: &mut Splitter<'a>, depth: usize) -> Result<(), Stop> {
        splitter.skip_white_space();
        match splitter.peek() {
            Some(b'{') => self.object(splitter, depth),
            Some(b'[') => {
                let mut is_first = true;
                splitter.open(depth)?;
                while !splitter.closes(b']', is_first)? {
                    is_first = false;
                    self.value(splitter, depth + 1)?;
                }
                Ok(())
            }
            Some(b'"') => splitter.skip_string(),
            _ => splitter.scalar(),
        }
    }

    fn object(&mut self, splitter: &mut Splitter<'a>, depth: usize) -> Result<(), Stop> {
        let own_names = self.names.as_ref().map_or(0, Vec::len);
        let mut is_first = true;
        splitter.open(depth)?;
        while !splitter.closes(b'}', is_first)? {
            is_first = false;
            match &mut self.names {
                Some(names) => names.push(splitter.name()?),
                None => splitter.skip_name()?,
            }
            self.value(splitter, depth + 1)?;
        }
        let Some(names) = &mut self.names else {
            return Ok(());
        };
        let own = &names[own_names..];
        if let Some(place) = first_repeated(own.iter().map(|(name, _)| name.as_str())) {
            return Err(Stop::Repeated(own[place].1));
        }
        names.truncate(own_names);
        Ok(())
    }
}

/// Checks a document as [`Outline::read_strict`] does and shows the members of its outermost object to
/// `visit`, without keeping them: for the many small objects that are read once. What was shown counts
/// for nothing when this fails.
///
/// # Errors
/// Every [`JsonFault`](super::JsonFault).
pub fn each_member<'a>(
    document: &'a [u8],
    mut visit: impl FnMut(&str, Part<'a>),
) -> Result<Part<'a>, JsonError> {
    let text = text_of(document)?;
    let mut marks = Marks::default();
    let whole =
        visit_members(text, &mut marks, &mut visit).map_err(|stop| first_fault(text, stop))?;
    if marks.may_repeat {
        // Two names look alike: whether they are equal is for the outline to say.
        Outline::read_strict(document)?;
    }
    Ok(whole)
}

fn visit_members<'a>(
    text: &'a str,
    marks: &mut Marks,
    visit: &mut impl FnMut(&str, Part<'a>),
) -> Result<Part<'a>, Stop> {
    let mut walk = Walk::strict();
    let mut splitter = Splitter::new(text, 0);
    splitter.skip_white_space();
    let start = splitter.mark();
    if splitter.peek() == Some(b'{') {
        let mut is_first = true;
        splitter.open(0)?;
        while !splitter.closes(b'}', is_first)? {
            is_first = false;
            let (name, _) = splitter.name()?;
            marks.add(name.as_str());
            splitter.skip_white_space();
            let start = splitter.mark();
            walk.value(&mut splitter, 1)?;
            visit(name.as_str(), Part::since(&splitter, start));
        }
    } else {
        walk.value(&mut splitter, 0)?;
    }
    let whole = Part::since(&splitter, start);
    splitter.end()?;
    Ok(whole)
}
