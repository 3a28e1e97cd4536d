//! Checking a value without keeping it.

use super::Text;
use super::read::first_repeated;
use super::split::{Splitter, Stop};

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
