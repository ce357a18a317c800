//! The PDF as a reader of the file finds it: its text, its pages, its claims.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]

use chrono::NaiveDate;
use lopdf::{Document, Object};
use motcua_request_form::{Error, PDF_TEMPLATE, RequestForm, Templates, Typesetter};

fn typesetter() -> Typesetter {
    Typesetter::new(Templates::default()).unwrap()
}

fn render(form: &RequestForm) -> Document {
    Document::load_mem(&typesetter().pdf(form).unwrap()).unwrap()
}

/// The text of all pages without white space, which does not survive justified lines.
fn text(document: &Document) -> String {
    text_of(document, &document.get_pages().into_keys().collect::<Vec<u32>>())
}

fn text_of(document: &Document, pages: &[u32]) -> String {
    document.extract_text(pages).unwrap().chars().filter(|c| !c.is_whitespace() && *c != '\u{200B}').collect()
}

fn shows(document: &Document, words: &str) -> bool {
    text(document).contains(&words.split_whitespace().collect::<String>())
}

/// A form whose every text is as long as the contract lets it be.
fn longest() -> RequestForm {
    RequestForm {
        unit_name:
            "Bộ phận một cửa tiếp nhận và trả kết quả giải quyết thủ tục hành chính thuộc Trung tâm phục vụ hành \
                    chính công Ủy ban nhân dân đặc khu Trường Sa, tỉnh Khánh Hòa"
                .into(),
        portal_name: "Cổng Dịch vụ công của Bộ Nông nghiệp và Môi trường và các đơn vị trực thuộc".into(),
        full_name: "Nguyễn Phước Công Tằng Tôn Nữ Hoàng Thị Mỹ Phượng Uyên Quỳnh Trâm Khương Trường Đoan Trang Nhã \
                    Kỳ An"
            .into(),
        email: Some(format!("{}@{}.vn", "a".repeat(64), "mot-ten-mien-dai".repeat(6))),
        officer_name: "Tôn Nữ Hoàng Thị Mỹ Phượng Uyên Quỳnh Trâm Khương Trường Đoan".into(),
        ..RequestForm::sample()
    }
}

#[test]
fn all_that_was_entered_is_on_the_paper() {
    let document = render(&RequestForm::sample());
    for words in [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Khánh Hòa, ngày 24 tháng 11 năm 2026",
        "GIẤY ĐỀ NGHỊ TẠO TÀI KHOẢN CÔNG DÂN",
        "Kính gửi: Bộ phận một cửa - Ủy ban nhân dân phường Nha Trang",
        "Cổng Dịch vụ công Quốc gia",
        "Nguyễn Thị Thu Hương",
        "056 190 001 234",
        "225 456 789",
        "01/02/1990",
        "0905 437 123",
        "thu.huong.nguyen@example.vn",
        "91/2025/QH15",
        "dữ liệu cá nhân nhạy cảm",
        "NGƯỜI ĐỀ NGHỊ",
        "CÁN BỘ TIẾP NHẬN",
        "Trần Quốc Đạt",
        "0258 382 1234",
        "7F3K-92QD",
    ] {
        assert!(shows(&document, words), "no {words:?} in {}", text(&document));
    }
}

#[test]
fn what_was_not_entered_is_said_to_be_absent() {
    let form = RequestForm { previous_id_number: None, email: None, ..RequestForm::sample() };
    let document = render(&form);
    assert!(shows(&document, "Số CMND cũ Không có"));
    assert!(shows(&document, "Email Không có"));
}

#[test]
fn markup_in_a_value_is_printed_to_the_letter() {
    for name in
        ["#panic()", "*x* _y_ `z`", "$ 1 + 1 $", "= Đầu đề", "@ten <nhan> // het", "\\u{41} ~ -- ...", "]#[", "\"a\""]
    {
        let form = RequestForm { full_name: name.into(), ..RequestForm::sample() };
        let document = render(&form);
        assert!(shows(&document, name), "no {name:?} in {}", text(&document));
    }
}

#[test]
fn every_vietnamese_letter_can_be_printed() {
    let alphabet = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ";
    let form =
        RequestForm { full_name: alphabet.into(), officer_name: alphabet.to_uppercase(), ..RequestForm::sample() };
    let document = render(&form);
    assert!(shows(&document, alphabet), "{}", text(&document));
    assert!(shows(&document, &alphabet.to_uppercase()), "{}", text(&document));
}

#[test]
fn a_character_without_a_glyph_is_marked_and_does_not_stop_the_paper() {
    let form = RequestForm { full_name: "Lê 山 🙂 An".into(), ..RequestForm::sample() };
    assert!(shows(&render(&form), "Lê □ □ An"));
}

#[test]
fn one_detail_at_its_longest_leaves_one_page() {
    let RequestForm { unit_name, portal_name, full_name, email, .. } = longest();
    assert_eq!(full_name.chars().count(), 100);
    let sixty: String = full_name.chars().take(60).collect();
    let sample = RequestForm::sample;
    for form in [
        RequestForm { unit_name, ..sample() },
        RequestForm { portal_name, ..sample() },
        RequestForm { full_name, ..sample() },
        RequestForm { full_name: sixty.clone(), officer_name: sixty.clone(), ..sample() },
        RequestForm { email, ..sample() },
    ] {
        let document = render(&form);
        assert_eq!(document.get_pages().len(), 1, "{}", text(&document));
        assert!(shows(&document, &form.unit_name) && shows(&document, &form.portal_name));
        assert!(shows(&document, &form.full_name) && shows(&document, &form.email.unwrap()));
    }
}

#[test]
fn all_details_at_their_longest_keep_the_signatures_together_on_a_numbered_page() {
    let document = render(&longest());
    assert_eq!(document.get_pages().len(), 2);
    let second = text_of(&document, &[2]);
    assert!(second.starts_with("2Mãgiấy:7F3K-92QDCÁNBỘTIẾPNHẬNNGƯỜIĐỀNGHỊ"), "{second}");
}

#[test]
fn ordinary_details_fit_one_page_of_a4() {
    let document = render(&RequestForm::sample());
    let pages = document.get_pages();
    assert_eq!(pages.len(), 1);
    let page = document.get_dictionary(pages[&1]).unwrap();
    let Object::Array(media_box) = page.get(b"MediaBox").unwrap() else { panic!("no media box") };
    let size: Vec<i64> = media_box.iter().map(|side| side.as_float().unwrap().round() as i64).collect();
    assert_eq!(size, [0, 0, 595, 842]);
}

#[test]
fn the_file_is_tagged_titled_and_declares_its_standards() {
    let form = RequestForm::sample();
    let document = render(&form);
    let catalog = document.catalog().unwrap();
    assert!(catalog.get(b"StructTreeRoot").is_ok());
    assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"vi-VN");
    let metadata = catalog.get(b"Metadata").unwrap().as_reference().unwrap();
    let metadata = document.get_object(metadata).unwrap().as_stream().unwrap().get_plain_content().unwrap();
    let metadata = String::from_utf8(metadata).unwrap();
    for claim in [
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "Giấy đề nghị tạo tài khoản công dân",
        "<xmp:CreateDate>2026-11-24T00:00:00+07:00</xmp:CreateDate>",
    ] {
        assert!(metadata.contains(claim), "no {claim} in {metadata}");
    }
    assert!(!metadata.contains(&form.full_name));
}

#[test]
fn the_same_form_gives_the_same_bytes() {
    let form = RequestForm::sample();
    let first = typesetter().pdf(&form).unwrap();
    assert_eq!(typesetter().pdf(&longest()).unwrap(), typesetter().pdf(&longest()).unwrap());
    assert!(first == typesetter().pdf(&form).unwrap());
}

#[test]
fn threads_share_a_typesetter() {
    let typesetter = typesetter();
    let alone = typesetter.pdf(&RequestForm::sample()).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert!(typesetter.pdf(&RequestForm::sample()).unwrap() == alone));
        }
    });
}

fn refusal(template: &str) -> String {
    Typesetter::new(Templates::default().with_pdf("mau-cua-so.typ", template)).unwrap_err().to_string()
}

#[test]
fn a_broken_template_is_refused_with_file_line_and_reason() {
    assert_eq!(refusal("= Giấy\n#let x = (1\n"), "mau-cua-so.typ, line 2: unclosed delimiter");
    assert_eq!(
        refusal("\n\n#sys.inputs.full_nme"),
        "mau-cua-so.typ, line 3: dictionary does not contain key \"full_nme\""
    );
}

#[test]
fn a_template_that_leaves_out_a_detail_is_refused() {
    let refused = refusal(&PDF_TEMPLATE.replace("inputs.phone", "[]"));
    assert_eq!(refused, "mau-cua-so.typ: the paper does not show `phone`; print it with #sys.inputs.phone");
}

#[test]
fn a_template_can_read_no_file_and_no_package() {
    let one_file = "a template is one file and can read no other";
    for reads in ["#read(\"/etc/hostname\")", "#image(\"logo.png\")", "#import \"@preview/cetz:0.3.0\""] {
        let refused = refusal(reads);
        assert!(refused.contains(one_file), "{refused}");
    }
}

#[test]
fn today_is_the_date_of_the_form() {
    let dated = format!("{PDF_TEMPLATE}\n#datetime.today().display(\"[year]-[month]-[day]\")");
    let typesetter = Typesetter::new(Templates::default().with_pdf("mine.typ", dated)).unwrap();
    let form = RequestForm { date: NaiveDate::from_ymd_opt(2031, 2, 3).unwrap(), ..RequestForm::sample() };
    let document = Document::load_mem(&typesetter.pdf(&form).unwrap()).unwrap();
    assert!(shows(&document, "2031-02-03"));
}

#[test]
fn an_error_on_a_form_does_not_repeat_its_values() {
    let choosy =
        format!("{PDF_TEMPLATE}\n#if sys.inputs.full_name == \"Lê Văn Tám\" {{ panic(sys.inputs.full_name) }}");
    let line = choosy.lines().count();
    let typesetter = Typesetter::new(Templates::default().with_pdf("mine.typ", choosy)).unwrap();
    let form = RequestForm { full_name: "Lê Văn Tám".into(), ..RequestForm::sample() };
    let error = typesetter.pdf(&form).unwrap_err();
    assert!(matches!(error, Error::Form { .. }));
    assert_eq!(error.to_string(), format!("mine.typ, line {line}: the template fails on the values of this form"));
}
