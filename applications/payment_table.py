"""A payment list as a table for Excel, for whoever books by hand."""

from import_export import fields, resources

from applications.exports import Day, Euros, Text
from applications.iban import bank, bic


def _column(header, attribute=None, widget=None):
    return fields.Field(attribute=attribute, column_name=header, widget=widget or Text(), readonly=True)


class PaymentResource(resources.Resource):
    order = _column("Zahlungsliste", "order_id")
    file_number = _column("Aktenzeichen", "application__file_number")
    municipality = _column("Kommune", "municipality")
    holder = _column("Kontoinhaber", "holder")
    iban = _column("IBAN", "iban")
    bic = _column("BIC")
    bank = _column("Bank")
    amount = _column("Betrag (€)", "amount", Euros())
    remittance = _column("Verwendungszweck", "remittance")
    reference = _column("Ende-zu-Ende-Referenz", "reference")
    execute_on = _column("Ausführung am", "order__execute_on", Day())

    def dehydrate_bic(self, payment):
        return bic(payment.iban)

    def dehydrate_bank(self, payment):
        return bank(payment.iban)


def table(order, file_format) -> bytes | str:
    """Numbers and dates go into XLSX as such, into CSV as German text."""
    payments = order.payments.standing().select_related("application", "municipality__district", "order")
    rows = PaymentResource().export(payments, force_native_type=file_format.is_binary())
    return file_format.export_data(rows)
