//! Bytes of the first version, made by another program from `docs/formats.md`. They open for ever.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use satchel_core::photo::Rendition;

use crate::folder::RealFiles;
use crate::header::Header;
use crate::keys::{Key, RowKey, VaultId, header_key, wrapping_key};
use crate::seal::data_key::Owner;
use crate::seal::record::{Group, Place};
use crate::seal::stream::Picture;
use crate::seal::{chain, data_key, record, stream};

const VAULT: VaultId = VaultId([1; 16]);
const PHOTO: &str = "00112233445566778899aabbccddeeff";

fn key(byte: u8) -> Key {
    Key::from_slice(&[byte; 32]).unwrap()
}

fn row_key() -> RowKey {
    RowKey::derive(VAULT, &key(2), 1, &key(8))
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        text.chars().filter_map(|c| c.to_digit(16)).map(|d| u8::try_from(d).unwrap()).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

#[test]
fn a_record_of_the_first_version_opens() {
    let sealed = hex("
        5352454301010001000102030405060708090a0b0c0d0e0f1011121314151617a817ab8ed8573ac1e176ea84
        509b8dac5fd6381714f73771f31db7819acc9497033e8f6cf5945ef016e1347d37acf0fcfe774bcc847000da
        d800affdaa81ca998aa1c50efde0564a50ed1f0c7a642aad2c2e94d7b4ebe463e68e57b6dd04b75aa6591167
        725dd77466838d2a7171b368bbb1396e0683fea647a2dcb54243ada522dde39159be6af77ea63f03e18b7877
        16a16ce4b521ad44650b60f682a96c4125d8e4b3a94f3387f200a4272666db65eb134dafc2dac75eb19eb812
        b3e69b0c7599b751b1b0ab1af548758b4192654a1936891b16c97d7ab6b2544bc2156fcc5e0089cb408acb7d
        2fd771c8e85eb56300c8522aa96f4ed6e614556a49516809049f1c635d224a03e9d6819e134d85f8");
    let place = Place { vault: VAULT, group: Group::Details, row: "0a", version: 3 };
    let plain = record::open(&key(7), place, &sealed).unwrap();
    assert_eq!(plain.as_slice(), "\"Kadıköy\"".as_bytes());
}

#[test]
fn a_photo_of_the_first_version_opens() {
    let sealed = hex("
        5350484f01010200010101010101010101010101010101010000002030303131323233333434353536363737
        38383939616162626363646465656666000100000000000000000006000102030405060708090a0b0c0d0e0f
        10111227037ed924407d6e7e3f4cc3bb36f3e970bdeb1f8f9b");
    let of = Picture { vault: VAULT, photo: PHOTO, rendition: Rendition::Upload };
    assert_eq!(stream::open(&key(7), of, &sealed).unwrap().as_slice(), b"pixels");
}

#[test]
fn a_data_key_of_the_first_version_opens() {
    let wrapped = hex("
        000102030405060708090a0b0c0d0e0f1011121314151617503b2eb6caaf8cb6e3de54fb74591d584b0904eb
        eb2a25e692e065181c6b1f3076a9f9c1db3fb3250e705eb3415a45bf");
    let opened = data_key::unwrap(&row_key(), VAULT, Owner::Photo, PHOTO, &wrapped);
    assert_eq!(opened.unwrap().bytes(), &[7; 32]);
}

#[test]
fn a_log_of_the_first_version_chains() {
    let link = chain::next(&chain::start(VAULT, "0a"), 1, b"sealed");
    let expected = "46ef5cfb393f469ec9e519afe7de623db595107fc26f3b2d28446358480920cd";
    assert_eq!(link.to_vec(), hex(expected));
}

#[test]
fn a_header_of_the_first_version_opens() {
    let bytes = hex("
        5341544348454c56000101010101010101010101010101010101000102030405060708090a0b0c0d0e0f1011
        1213141516175c9abd19451b6f336e6198f8a63fb9c14d9113a78a6007cc9fa3120f137876d4bdc53da7571c
        407118e3af9cfa0f48b200010105050505050505050505050505050505006400000100000000010000000106
        060606060606060606060606060606000102030405060708090a0b0c0d0e0f101112131415161793c2501e6b
        2b4818efed3d451344607e260702b886fd1be606aba7d7086e01fd2871549a8771f21c8556e90ad3b09fa42a
        2ee5ba69347948a7715b4863b74dfdfc5d5ca25f1e8cea73c63be35bb84e1deb414145a4c17ff215dee63bef
        99d40711e3a7bd9f309edada2b0633539a4d2e");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.header");
    std::fs::write(&path, bytes).unwrap();
    let header = Header::read(&RealFiles, &path).unwrap();
    assert_eq!(header.unlock("correct horse", &key(3)).unwrap().1.bytes(), &[2; 32]);
    header.verify(&header_key(VAULT, &key(2))).unwrap();
    let wrapping = wrapping_key(VAULT, &key(2));
    assert_eq!(header.page_key(&wrapping).unwrap().bytes(), &[4; 32]);
    assert_eq!(header.belonging, None);
}
