//! Loading overlapped with computing.

use std::{
    panic::resume_unwind,
    sync::mpsc::{Receiver, sync_channel},
    thread,
};

/// How many items are ready at most: each is a batch of some megabytes.
const READY: usize = 2;

/// Gives `take` every item in its order, while a thread of its own makes the ones that follow. Whichever of the two panics,
/// the other ends and the caller panics as it did.
pub fn ahead<T: Send>(items: impl Iterator<Item = T> + Send, take: impl FnMut(T)) {
    thread::scope(|scope| {
        let (ready, made) = sync_channel(READY);
        let maker = scope.spawn(move || {
            for item in items {
                // Whoever took them has panicked.
                if ready.send(item).is_err() {
                    break;
                }
            }
        });
        Receiver::into_iter(made).for_each(take);
        if let Err(panic) = maker.join() {
            resume_unwind(panic);
        }
    });
}

#[cfg(test)]
mod tests {
    use std::{
        panic::{AssertUnwindSafe, catch_unwind},
        sync::mpsc::channel,
        time::Duration,
    };

    use super::*;

    #[test]
    fn every_item_comes_in_its_order() {
        let mut taken = Vec::new();
        ahead(0..100, |item| taken.push(item));
        assert_eq!(taken, Vec::from_iter(0..100));
    }

    #[test]
    fn the_next_items_are_made_while_one_is_used() {
        let (made, seen) = channel();
        let items = (0..10).inspect(move |&item| made.send(item).expect("a listener"));
        ahead(items, |item| {
            // Item 0 is still in use when 1 and 2 are made, and so on.
            let due = if item == 0 { 0..=READY } else { item + READY..=item + READY };
            for due in due.filter(|&due| due < 10) {
                assert_eq!(seen.recv_timeout(Duration::from_secs(60)), Ok(due), "while {item} is used");
            }
        });
    }

    #[test]
    fn no_more_is_made_than_may_wait() {
        let (made, seen) = channel();
        let items = (0..50).inspect(move |_| made.send(()).expect("a listener"));
        let mut before = 0;
        ahead(items, |item| {
            before += seen.try_iter().count();
            // Those taken, those that wait, and one in the maker's hands.
            assert!(before <= item + 1 + READY + 1, "{before} made when {item} is taken");
        });
    }

    #[test]
    fn a_panic_on_either_side_is_the_callers() {
        let message = |run: &mut dyn FnMut()| -> String {
            let panic = catch_unwind(AssertUnwindSafe(run)).expect_err("a panic");
            panic.downcast_ref::<&str>().map(ToString::to_string).unwrap_or_default()
        };
        // Without the panic hook, which other tests may be listening to.
        let fails = |item: usize, why: &'static str| {
            if item == 5 {
                resume_unwind(Box::new(why))
            }
        };
        let failing = (0..10).inspect(|&item| fails(item, "cannot make"));
        assert_eq!(message(&mut || ahead(failing.clone(), |_| ())), "cannot make");
        assert_eq!(message(&mut || ahead(0..1000, |item| fails(item, "cannot take"))), "cannot take");
    }
}
