"""A payment list as a table for Excel, for whoever books by hand."""

from import_export import resources

from applications.exports import Day, Euros, column
from applications.iban import bank, bic


class PaymentResource(resources.Resource):
    order = column("Zahlungsliste", "order_id")
    file_number = column("Aktenzeichen", "application__file_number")
    municipality = column("Kommune", "municipality")
    holder = column("Kontoinhaber", "holder")
    iban = column("IBAN", "iban")
    bic = column("BIC")
    bank = column("Bank")
    amount = column("Betrag (€)", "amount", Euros())
    remittance = column("Verwendungszweck", "remittance")
    reference = column("Ende-zu-Ende-Referenz", "reference")
    execute_on = column("Ausführung am", "order__execute_on", Day())

    def dehydrate_bic(self, payment):
        return bic(payment.iban)

    def dehydrate_bank(self, payment):
        return bank(payment.iban)


def table(order, file_format) -> bytes | str:
    """Numbers and dates go into XLSX as such, into CSV as German text."""
    payments = order.payments.standing().select_related("application", "municipality__district", "order")
    rows = PaymentResource().export(payments, force_native_type=file_format.is_binary())
    return file_format.export_data(rows)
