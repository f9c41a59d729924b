//! The head of a file: for each recipient the file's key, and an authentication of it all.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use chacha20poly1305::{AeadInOut, ChaCha20Poly1305, KeyInit};
use hkdf::hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{FILE_KEY_BYTES, FileKey, Identity, Recipient, TAG_BYTES, Unopened, derive};
use crate::fault::VaultFault;

const VERSION_LINE: &str = "age-encryption.org/v1";
const KIND: &str = "X25519";
const INFO: &[u8] = b"age-encryption.org/v1/X25519";
const COLUMNS: usize = 64;
const WRAPPED_BYTES: usize = FILE_KEY_BYTES + TAG_BYTES;

/// Writes the head for these recipients.
pub(super) fn write(to: &[Recipient], file_key: &FileKey) -> Result<Vec<u8>, VaultFault> {
    let mut text = format!("{VERSION_LINE}\n");
    for recipient in to {
        let ephemeral = Identity::draw()?;
        let share = ephemeral.recipient();
        let shared = ephemeral.shared(recipient.point()).ok_or(VaultFault::BadRecoveryKey)?;
        let mut body = file_key.to_vec();
        let tag = wrapping(&shared, &share, recipient)
            .encrypt_inout_detached(&[0; 12].into(), &[], body.as_mut_slice().into())
            .map_err(|_| VaultFault::Damaged("a key could not be sealed"))?;
        body.extend_from_slice(&tag);
        let (share, body) = (BASE64.encode(share.bytes()), BASE64.encode(&body));
        text.push_str(&format!("-> {KIND} {share}\n{body}\n"));
    }
    text.push_str("---");
    let mac = mac(file_key, text.as_bytes()).finalize().into_bytes();
    text.push_str(&format!(" {}\n", BASE64.encode(mac)));
    Ok(text.into_bytes())
}

/// The file's key and what stands behind the head.
pub(super) fn read<'a>(
    identity: &Identity,
    sealed: &'a [u8],
) -> Result<(FileKey, &'a [u8]), Unopened> {
    let (stanzas, authenticated, mac_read, payload) = split(sealed).ok_or(Unopened::Damaged)?;
    let mut found = None;
    for stanza in &stanzas {
        if stanza.arguments.first() == Some(&KIND) && found.is_none() {
            found = unwrap(identity, stanza).ok_or(Unopened::Damaged)?;
        }
    }
    let file_key = found.ok_or(Unopened::NotForUs)?;
    let mac = mac(&file_key, authenticated);
    mac.verify_slice(&mac_read).map_err(|_| Unopened::Damaged)?;
    Ok((file_key, payload))
}

/// One recipient's part.
struct Stanza<'a> {
    arguments: Vec<&'a str>,
    body: Vec<u8>,
}

type Parts<'a> = (Vec<Stanza<'a>>, &'a [u8], Vec<u8>, &'a [u8]);

/// Stanzas, what the authentication covers, the authentication, and the payload.
fn split(sealed: &[u8]) -> Option<Parts<'_>> {
    let (line, mut rest) = take_line(sealed)?;
    if line != VERSION_LINE {
        return None;
    }
    let mut stanzas = Vec::new();
    loop {
        let before = sealed.len() - rest.len();
        let (line, behind) = take_line(rest)?;
        rest = behind;
        if let Some(mac) = line.strip_prefix("--- ") {
            let mac = BASE64.decode(mac).ok().filter(|mac| mac.len() == 32)?;
            let covered = sealed.get(..before + 3)?;
            return (!stanzas.is_empty()).then_some((stanzas, covered, mac, rest));
        }
        let arguments: Vec<&str> = line.strip_prefix("-> ")?.split(' ').collect();
        if arguments.iter().any(|a| a.is_empty() || !a.bytes().all(|b| b.is_ascii_graphic())) {
            return None;
        }
        let body;
        (body, rest) = take_body(rest)?;
        stanzas.push(Stanza { arguments, body });
    }
}

/// Lines of 64 columns, and one shorter line at the end.
fn take_body(mut rest: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut text = String::new();
    loop {
        let (line, behind) = take_line(rest)?;
        rest = behind;
        text.push_str(line);
        if line.len() > COLUMNS {
            return None;
        }
        if line.len() < COLUMNS {
            return Some((BASE64.decode(&text).ok()?, rest));
        }
    }
}

fn take_line(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = bytes.iter().position(|b| *b == b'\n')?;
    let (line, rest) = bytes.split_at_checked(end)?;
    Some((std::str::from_utf8(line).ok()?, rest.get(1..)?))
}

/// `None`: no stanza of the format. `Some(None)`: for somebody else.
fn unwrap(identity: &Identity, stanza: &Stanza<'_>) -> Option<Option<FileKey>> {
    let [_, share] = stanza.arguments.as_slice() else { return None };
    let share: [u8; 32] = BASE64.decode(share).ok()?.try_into().ok()?;
    let body: &[u8; WRAPPED_BYTES] = stanza.body.as_slice().try_into().ok()?;
    let (text, tag) = body.split_last_chunk::<TAG_BYTES>()?;
    let share = Recipient::from_bytes(share);
    let shared = identity.shared(share.point())?;
    let mut file_key = FileKey::default();
    file_key.copy_from_slice(text);
    let opened = wrapping(&shared, &share, &identity.recipient()).decrypt_inout_detached(
        &[0; 12].into(),
        &[],
        file_key.as_mut_slice().into(),
        tag.into(),
    );
    Some(opened.is_ok().then_some(file_key))
}

fn wrapping(
    shared: &Zeroizing<[u8; 32]>,
    share: &Recipient,
    recipient: &Recipient,
) -> ChaCha20Poly1305 {
    let salt = [share.bytes().as_slice(), recipient.bytes()].concat();
    let key = derive(shared.as_slice(), &salt, INFO);
    ChaCha20Poly1305::new((&*key).into())
}

fn mac(file_key: &FileKey, covered: &[u8]) -> Hmac<Sha256> {
    let key = derive(file_key.as_slice(), &[], b"header");
    let mut block = [0; 64];
    block.iter_mut().zip(key.iter()).for_each(|(to, from)| *to = *from);
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
    mac.update(covered);
    mac
}
