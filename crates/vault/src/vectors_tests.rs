//! Published vectors of what sealing is made of. Those of age stand beside the age format.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use argon2::{Algorithm, Argon2, AssociatedData, ParamsBuilder, Version};
use chacha20poly1305::{AeadInOut, ChaCha20Poly1305, KeyInit, XChaCha20Poly1305};
use hkdf::Hkdf;
use hkdf::hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

const SUNSCREEN: &[u8] = b"Ladies and Gentlemen of the class of '99: If I could offer you \
    only one tip for the future, sunscreen would be it.";
const AAD: &str = "50515253c0c1c2c3c4c5c6c7";

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        text.chars().filter_map(|c| c.to_digit(16)).map(|d| u8::try_from(d).unwrap()).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

fn counted(range: std::ops::RangeInclusive<u8>) -> Vec<u8> {
    range.collect()
}

fn seals<A: AeadInOut + KeyInit>(nonce: &[u8], text: &str, tag: &str) {
    let cipher = A::new_from_slice(&counted(0x80..=0x9f)).unwrap();
    let mut body = SUNSCREEN.to_vec();
    let nonce = nonce.try_into().unwrap();
    let made = cipher.encrypt_inout_detached(nonce, &hex(AAD), body.as_mut_slice().into());
    assert_eq!(made.unwrap().as_slice(), hex(tag));
    assert_eq!(body, hex(text));
}

#[test]
fn argon2id_of_rfc_9106() {
    let params = ParamsBuilder::new()
        .m_cost(32)
        .t_cost(3)
        .p_cost(4)
        .data(AssociatedData::new(&[4; 12]).unwrap())
        .output_len(32)
        .build()
        .unwrap();
    let secret = [3; 8];
    let argon =
        Argon2::new_with_secret(&secret, Algorithm::Argon2id, Version::V0x13, params).unwrap();
    let mut tag = [0; 32];
    argon.hash_password_into(&[1; 32], &[2; 16], &mut tag).unwrap();
    let expected = "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659";
    assert_eq!(tag.to_vec(), hex(expected));
}

#[test]
fn chacha20_poly1305_of_rfc_8439() {
    let nonce = hex("070000004041424344454647");
    let text = "
        d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69
        da92728b1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad67594
        5585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116";
    seals::<ChaCha20Poly1305>(&nonce, text, "1ae10b594f09e26a7e902ecbd0600691");
}

#[test]
fn xchacha20_poly1305_of_its_draft() {
    let nonce = counted(0x40..=0x57);
    let text = "
        bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f
        4eda7e39ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f
        76b2383565d3fff921f9664c97637da9768812f615c68b13b52e";
    seals::<XChaCha20Poly1305>(&nonce, text, "c0875924c1c7987947deafd8780acf49");
}

#[test]
fn hkdf_sha256_of_rfc_5869() {
    let mut okm = [0; 42];
    let salt = counted(0..=12);
    let info = counted(0xf0..=0xf9);
    Hkdf::<Sha256>::new(Some(&salt), &[0x0b; 22]).expand(&info, &mut okm).unwrap();
    let expected = "
        3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865";
    assert_eq!(okm.to_vec(), hex(expected));
}

#[test]
fn hmac_sha256_of_rfc_4231() {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(b"Jefe").unwrap();
    mac.update(b"what do ya want for nothing?");
    let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    assert_eq!(mac.finalize().into_bytes().to_vec(), hex(expected));
}

#[test]
fn sha256_of_fips_180() {
    let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(Sha256::digest(b"abc").to_vec(), hex(expected));
}
