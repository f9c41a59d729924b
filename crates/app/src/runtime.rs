//! The one runtime loop: sends what is recorded, wakes when something is due.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use satchel_core::account::Connection;
use satchel_core::http::TransportFault;

use crate::fail_point;
use crate::lighten::LighterSet;
use crate::outgoing::Outgoing;
use crate::ports::Transport;
use crate::satchel::Satchel;
use crate::session::Turn;

/// Longest sleep: clocks are looked at again, whatever was planned.
const SLEEP_MAX: Duration = Duration::from_secs(60);

/// Longest sleep while tests move the clock.
const SLEEP_MOVED: Duration = Duration::from_millis(50);

impl Satchel {
    /// Runs until it is dropped. One per app.
    pub async fn run(&self) {
        loop {
            let (Turn { outgoing, lighter, .. }, sleep) = self.turn();
            for request in outgoing {
                self.launch(request);
            }
            for set in lighter {
                let satchel = self.clone();
                tokio::task::spawn_blocking(move || satchel.lighten(set));
            }
            tokio::select! {
                () = self.0.wake.notified() => {}
                () = tokio::time::sleep(sleep) => {}
            }
        }
    }

    /// Sends beside everything else, until a lock cuts it off.
    fn launch(&self, request: Outgoing) {
        let satchel = self.clone();
        let flight = tokio::spawn(async move { satchel.exchange(request).await });
        let mut flights = self.0.flights.lock().unwrap_or_else(PoisonError::into_inner);
        flights.retain(|flight| !flight.is_finished());
        flights.push(flight.abort_handle());
        drop(flights);
        // Locked between the turn and now: nobody else would end it.
        if !self.is_open() {
            flight.abort();
        }
    }

    /// Whether nothing is out and nothing will be sent without a person or a verdict.
    pub fn is_idle(&self) -> bool {
        let now = self.now();
        let state = self.state();
        state.session.as_ref().is_none_or(|s| {
            s.outgoing.is_empty()
                && s.lighter.is_empty()
                && s.stalled.is_none()
                && s.engine.is_idle(&now)
        })
    }

    /// One turn: what is due is recorded and taken out, and the time of the next turn.
    fn turn(&self) -> (Turn, Duration) {
        let now = self.now();
        let longest = if self.0.ports.clock.is_moved() { SLEEP_MOVED } else { SLEEP_MAX };
        let mut turn = {
            let mut state = self.state();
            let Some(session) = state.session.as_mut() else { return (Turn::default(), longest) };
            session.turn(now)
        };
        if let Some(changed) = turn.changed.take() {
            self.tell_windows(changed);
        }
        let wait = turn.wake_at.map_or(longest, |at| {
            Duration::from_millis(at.saturating_sub(now.boot_ms).max(1)).min(longest)
        });
        (turn, wait)
    }

    fn lighten(&self, set: LighterSet) {
        let made = set.work(&self.0.ports.darkroom);
        // Locked in the meantime: the forecast is made anew after the next unlock.
        let _ = self.with(|session, now| {
            session.lightened(made, now);
            Ok(())
        });
    }

    async fn exchange(&self, outgoing: Outgoing) {
        let answer = match self.transport(&outgoing.connection) {
            Ok(transport) => {
                let sending = transport.send(outgoing.request.clone());
                fail_point::in_flight(&outgoing.step, sending).await
            }
            Err(fault) => Err(fault),
        };
        let step = outgoing.step.clone();
        let heard = outgoing.into_heard(answer);
        fail_point::answered(&step);
        // Locked in the meantime: what is open on disk is found out about after the next unlock.
        let _ = self.with(|session, now| {
            if session.hear(heard, now) {
                fail_point::settled(&step);
            }
            Ok(())
        });
    }

    pub(crate) fn transport(
        &self,
        connection: &Connection,
    ) -> Result<Arc<dyn Transport>, TransportFault> {
        let mut transports = self.0.transports.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(transport) = transports.get(&connection.id) {
            return Ok(Arc::clone(transport));
        }
        let transport = (self.0.ports.transports)(connection)?;
        transports.insert(connection.id.clone(), Arc::clone(&transport));
        Ok(transport)
    }
}
