//! Thousands of damaged files: no panic, no answer but a refusal or a file still whole, and in
//! bounded time.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::sample::Index;

use super::{ScanKind, check, doc, docx, pdf};

/// One check of a file this small takes milliseconds; this is for slow machines.
const BOUND: Duration = Duration::from_secs(5);

static PDF: LazyLock<Vec<u8>> = LazyLock::new(pdf::good_with_object_streams);
static DOCX: LazyLock<Vec<u8>> = LazyLock::new(docx::good);
static DOC: LazyLock<Vec<u8>> = LazyLock::new(doc::good);

#[derive(Clone, Debug)]
enum Harm {
    Set(Index, u8),
    Flip(Index, u8),
    Cut(Index),
    Drop(Index, usize),
    Double(Index, Index),
    Number(Index, u32),
}

fn harm() -> impl Strategy<Value = Harm> {
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Harm::Set(at, byte)),
        (any::<Index>(), 0..8_u8).prop_map(|(at, bit)| Harm::Flip(at, bit)),
        any::<Index>().prop_map(Harm::Cut),
        (any::<Index>(), 1..64_usize).prop_map(|(at, count)| Harm::Drop(at, count)),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Harm::Double(from, to)),
        (any::<Index>(), prop_oneof![Just(0), Just(u32::MAX), Just(0x7fff_ffff), Just(0xffff_fffe), 0..64_u32])
            .prop_map(|(at, number)| Harm::Number(at, number)),
    ]
}

fn harmed(mut bytes: Vec<u8>, harms: Vec<Harm>) -> Vec<u8> {
    for harm in harms {
        if bytes.is_empty() {
            break;
        }
        let length = bytes.len();
        match harm {
            Harm::Set(at, byte) => bytes[at.index(length)] = byte,
            Harm::Flip(at, bit) => bytes[at.index(length)] ^= 1 << bit,
            Harm::Cut(at) => bytes.truncate(at.index(length)),
            Harm::Drop(at, count) => {
                let at = at.index(length);
                bytes.drain(at..length.min(at + count));
            }
            Harm::Double(from, to) => {
                let (from, to) = (from.index(length), to.index(length));
                let copied = bytes[from.min(to)..from.max(to)].to_vec();
                bytes.splice(to..to, copied);
            }
            Harm::Number(at, number) => {
                let at = at.index(length);
                let end = length.min(at + 4);
                bytes[at..end].copy_from_slice(&number.to_le_bytes()[..end - at]);
            }
        }
    }
    bytes
}

fn answers(name: &str, kind: ScanKind, bytes: &[u8]) -> Result<(), TestCaseError> {
    let began = Instant::now();
    // Without the net: a panic caught there would look like a refusal.
    let answer = match kind {
        ScanKind::Pdf => super::super::pdf::check(bytes),
        ScanKind::Docx => super::super::docx::check(bytes),
        ScanKind::Doc => super::super::doc::check(bytes),
    };
    let whole = check(name, None, bytes);
    prop_assert!(began.elapsed() < BOUND);
    prop_assert!(whole.is_err() || answer.is_ok());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn a_harmed_pdf_is_answered(harms in proptest::collection::vec(harm(), 1..8)) {
        answers("a.pdf", ScanKind::Pdf, &harmed(PDF.clone(), harms))?;
    }

    #[test]
    fn a_harmed_docx_is_answered(harms in proptest::collection::vec(harm(), 1..8)) {
        answers("a.docx", ScanKind::Docx, &harmed(DOCX.clone(), harms))?;
    }

    #[test]
    fn a_harmed_doc_is_answered(harms in proptest::collection::vec(harm(), 1..8)) {
        answers("a.doc", ScanKind::Doc, &harmed(DOC.clone(), harms))?;
    }

    #[test]
    fn any_bytes_under_any_name_are_answered(
        name in "[a-z.]{0,8}(\\.pdf|\\.docx|\\.doc)?",
        declared in proptest::option::of("[ -~]{0,40}"),
        start in prop_oneof![Just(&b"%PDF-1.7\n"[..]), Just(&b"PK\x03\x04"[..]), Just(&doc::MAGIC[..]), Just(&b""[..])],
        rest in proptest::collection::vec(any::<u8>(), 0..2000),
    ) {
        let bytes = [start, &rest].concat();
        prop_assert!(check(&name, declared.as_deref(), &bytes).is_err());
    }

    #[test]
    fn any_tokens_of_a_pdf_are_answered(tokens in proptest::collection::vec(proptest::sample::select(vec![
        "(", ")", "<<", ">>", "<", ">", "[", "]", "{", "%", "\n", "/", "#", "/Type", "/ObjStm", "/First", "/Filter",
        "/FlateDecode", "/Length", " 9", " 1 0 obj", "stream\n", "endstream", "endobj", "\\", "/Catalog", "/Page",
        "startxref 9 %%EOF",
    ]), 0..200)) {
        answers("a.pdf", ScanKind::Pdf, format!("%PDF-1.7\n1 0 obj endobj {}", tokens.concat()).as_bytes())?;
    }
}

/// What aborts a process when lopdf loads it: each stream's length is the next stream.
#[test]
fn a_long_chain_of_lengths_costs_nothing() {
    let mut file = b"%PDF-1.5\n1 0 obj<</Type/Catalog>>endobj 2 0 obj<</Type/Page>>endobj\n".to_vec();
    for number in 10..60_000 {
        let next = number + 1;
        file.extend_from_slice(format!("{number} 0 obj<</Length {next} 0 R>>stream\nendstream endobj\n").as_bytes());
    }
    file.extend_from_slice(b"startxref\n9\n%%EOF");
    let began = Instant::now();
    let _ = check("a.pdf", None, &file);
    assert!(began.elapsed() < BOUND);
}

#[test]
fn deep_nesting_and_endless_tokens_cost_nothing() {
    for token in ["[", "<<", "(", "(\\", "<", "/", "#", "/#4", "%", "/First", "stream\n", "/Filter[", "/Filter", "/JS("]
    {
        let body = token.repeat(1024 * 1024 / token.len());
        let file = format!("%PDF-1.5\n1 0 obj endobj {body}\nstartxref\n9\n%%EOF");
        let began = Instant::now();
        let _ = check("a.pdf", None, file.as_bytes());
        assert!(began.elapsed() < BOUND, "{token} took {:?}", began.elapsed());
    }
}
