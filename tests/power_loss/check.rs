//! What must be true of a disk whose power went.

use satchel_core::chance::Chance;
use satchel_core::ids::PhotoId;
use satchel_core::store::Store;
use satchel_vault::disk::{Arrived, Disk, Loss};
use satchel_vault::{OpenVault, Vault, VaultFault};

use crate::life::{Course, Life, OPTIONS, WORDS};
use crate::watched::{Acknowledged, difference, holding, photos_of};
use crate::{Broken, seed_of};

/// One state in so many loses its power again while it is looked through.
const AGAIN_ONE_IN: u64 = 4;

/// What was done.
#[derive(Debug, Default)]
pub struct Tally {
    pub states: usize,
    pub torn: usize,
    pub opened: usize,
    pub made_anew: usize,
    pub in_flight: usize,
    pub swept: usize,
    pub again: usize,
    pub run: usize,
}

/// A life that was noted.
pub struct Record {
    pub life: Life,
    pub acknowledged: Vec<Acknowledged>,
}

impl Record {
    /// Everything that is asked of one state.
    pub fn try_state(
        &self,
        (loss, disk): (Loss, Disk),
        seed: u64,
        tally: &mut Tally,
    ) -> Result<(), Broken> {
        let mut chance = Chance::from_seed(seed_of(seed));
        tally.states += 1;
        tally.torn += usize::from(matches!(loss.arrived, Arrived::Torn(_)));
        let syncs = self.examine(&loss, &disk, tally)?;
        if syncs > 0 && chance.below(AGAIN_ONE_IN) == 0 {
            let at = usize::try_from(chance.below(syncs as u64)).unwrap();
            let mut pick = Chance::from_seed(seed_of(seed ^ 1));
            let which = usize::try_from(chance.below(5)).unwrap();
            let found = disk.states_after_power_loss(at, 1, &mut pick).take(which + 1).last();
            let (second, disk) = found.unwrap();
            tally.again += 1;
            let examined = self.examine(&loss, &disk, tally);
            examined.map_err(|broken| format!("lost again {second:?}: {broken}"))?;
        }
        let course = self.course(&loss, &mut chance);
        let mut life = Life::after(disk, course, seed);
        life.run().map_err(|broken| format!("run to its end: {broken}"))?;
        tally.run += 1;
        Ok(())
    }

    /// How the world stood. A request that left just before the power went may have reached its
    /// provider or not, as long as nothing of its answer reached the disk.
    fn course(&self, loss: &Loss, chance: &mut Chance) -> &Course {
        let course = &self.life.course;
        let before = course.partition_point(|c| c.syncs < loss.syncs).saturating_sub(1);
        let last = course.partition_point(|c| c.syncs <= loss.syncs).saturating_sub(1);
        if loss.arrived != Arrived::Nothing {
            return &course[last];
        }
        let back = chance.below((last - before) as u64 + 1);
        &course[last - usize::try_from(back).unwrap()]
    }

    /// Opens a state as the app does and holds it against what was acknowledged. Says how many
    /// syncs that took.
    pub fn examine(&self, loss: &Loss, disk: &Disk, tally: &mut Tally) -> Result<usize, Broken> {
        let acknowledged = &self.acknowledged;
        let done = acknowledged.partition_point(|a| a.syncs <= loss.syncs);
        let mut vault = match Vault::open_on(disk, WORDS) {
            Ok(vault) => vault,
            Err(VaultFault::NotAVault) if done == 0 => {
                tally.made_anew += 1;
                let made = Vault::create_on(disk, WORDS, OPTIONS);
                made.map_err(|fault| format!("cannot be made anew: {fault}"))?
            }
            Err(fault) => return Err(format!("does not open: {fault}")),
        };
        tally.opened += 1;
        let was_open = |(from, to): &(usize, usize)| *from <= loss.syncs && loss.syncs <= *to;
        if self.life.open.iter().any(was_open) && !vault.was_unclean() {
            return Err("opens without being looked through".to_owned());
        }
        let found = holding(&vault)?;
        let last = done.saturating_sub(1);
        let mut may_be = acknowledged.iter().skip(last).take(1 + usize::from(done > 0));
        match may_be.position(|a| a.holding == found) {
            Some(0) => {}
            Some(_) => tally.in_flight += 1,
            None => {
                let Acknowledged { call, holding, .. } = &acknowledged[last];
                let told = difference(holding, &found).unwrap_or_default();
                return Err(format!("after {call} was acknowledged: {told}"));
            }
        }
        let named = named(&vault)?;
        let mut sweep = || vault.sweep_photos(&named).map_err(|e| e.to_string());
        tally.swept += sweep()?;
        if sweep()? > 0 {
            return Err("orphans stay".to_owned());
        }
        match difference(&found, &holding(&vault)?) {
            Some(told) => Err(format!("swept away: {told}")),
            None => Ok(disk.syncs()),
        }
    }
}

fn named(vault: &OpenVault) -> Result<Vec<PhotoId>, Broken> {
    let mut named = Vec::new();
    for draft in vault.drafts().map_err(|e| e.to_string())? {
        named.extend(draft.photos.into_iter().map(|p| p.photo.id));
    }
    for stored in vault.submissions().map_err(|e| e.to_string())? {
        named.extend(photos_of(&stored.log.map_err(|e| e.to_string())?));
    }
    Ok(named)
}
