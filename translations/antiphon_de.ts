<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en_US">
<context>
    <name>antiphon::Actions</name>
    <message>
        <source>Next conversation</source>
        <translation>Nächste Unterhaltung</translation>
    </message>
    <message>
        <source>Previous conversation</source>
        <translation>Vorige Unterhaltung</translation>
    </message>
    <message>
        <source>Back to the list</source>
        <translation>Zurück zur Liste</translation>
    </message>
    <message>
        <source>Resolve or reopen</source>
        <translation>Abschließen oder wieder öffnen</translation>
    </message>
    <message>
        <source>Snooze …</source>
        <translation>Zurückstellen …</translation>
    </message>
    <message>
        <source>Assign to me</source>
        <translation>Mir zuweisen</translation>
    </message>
    <message>
        <source>Mark as unread</source>
        <translation>Als ungelesen markieren</translation>
    </message>
    <message>
        <source>Write a reply</source>
        <translation>Antwort schreiben</translation>
    </message>
    <message>
        <source>Write a private note</source>
        <translation>Private Notiz schreiben</translation>
    </message>
    <message>
        <source>Attach a file …</source>
        <translation>Datei anhängen …</translation>
    </message>
    <message>
        <source>Try the last failed message again</source>
        <translation>Letzte gescheiterte Nachricht erneut versuchen</translation>
    </message>
    <message>
        <source>Jump to the newest message</source>
        <translation>Zur neuesten Nachricht springen</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>All conversations</source>
        <translation>Alle Unterhaltungen</translation>
    </message>
    <message>
        <source>Next pane</source>
        <translation>Nächster Bereich</translation>
    </message>
    <message>
        <source>Previous pane</source>
        <translation>Voriger Bereich</translation>
    </message>
    <message>
        <source>Contact panel</source>
        <translation>Kontaktleiste</translation>
    </message>
    <message>
        <source>Connect a channel …</source>
        <translation>Kanal verbinden …</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>About Antiphon</source>
        <translation>Über Antiphon</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Conversation</source>
        <translation>Unterhaltung</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Nachricht</translation>
    </message>
    <message>
        <source>Go</source>
        <translation>Gehe zu</translation>
    </message>
    <message>
        <source>Antiphon</source>
        <translation>Antiphon</translation>
    </message>
    <message>
        <source>Diagnosis</source>
        <translation>Diagnose</translation>
    </message>
    <message>
        <source>Answer these first</source>
        <translation>Zuerst beantworten</translation>
    </message>
    <message>
        <source>Undo the last change</source>
        <translation>Letzte Änderung zurücknehmen</translation>
    </message>
</context>
<context>
    <name>antiphon::AdvisoryLine</name>
    <message>
        <source>Don&apos;t show this for this conversation</source>
        <translation>In dieser Unterhaltung nicht mehr zeigen</translation>
    </message>
</context>
<context>
    <name>antiphon::AttachmentStrip</name>
    <message>
        <source>Attached files</source>
        <translation>Angehängte Dateien</translation>
    </message>
    <message>
        <source>Pasted picture</source>
        <translation>Eingefügtes Bild</translation>
    </message>
    <message>
        <source>Uploading …</source>
        <translation>Wird hochgeladen …</translation>
    </message>
    <message>
        <source>Made smaller, %1</source>
        <translation>Verkleinert, %1</translation>
    </message>
    <message>
        <source>Try %1 again</source>
        <translation>%1 erneut versuchen</translation>
    </message>
    <message>
        <source>Take %1 away</source>
        <translation>%1 entfernen</translation>
    </message>
</context>
<context>
    <name>antiphon::Badge</name>
    <message numerus="yes">
        <source>%n unread</source>
        <translation>
            <numerusform>%n ungelesen</numerusform>
            <numerusform>%n ungelesen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>antiphon::Banner</name>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>antiphon::ChoiceRow</name>
    <message>
        <source>There is none yet: set it up under Settings, “Public address”.</source>
        <translation>Noch gibt es keine: Sie wird in den Einstellungen unter „Öffentliche Adresse“ eingerichtet.</translation>
    </message>
</context>
<context>
    <name>antiphon::Composer</name>
    <message>
        <source>Composer</source>
        <translation>Eingabe</translation>
    </message>
    <message>
        <source>Don&apos;t quote</source>
        <translation>Nicht zitieren</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Nachricht</translation>
    </message>
    <message>
        <source>Reply or private note</source>
        <translation>Antwort oder private Notiz</translation>
    </message>
    <message>
        <source>Reply</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>Private note</source>
        <translation>Private Notiz</translation>
    </message>
    <message>
        <source>Attach a picture</source>
        <translation>Bild anhängen</translation>
    </message>
    <message>
        <source>Enter sends</source>
        <translation>Enter sendet</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Senden</translation>
    </message>
    <message>
        <source>Pictures (*.png *.jpg *.jpeg *.webp *.gif)</source>
        <translation>Bilder (*.png *.jpg *.jpeg *.webp *.gif)</translation>
    </message>
    <message>
        <source>Only your team sees this</source>
        <translation>Nur Ihr Team sieht das</translation>
    </message>
    <message>
        <source>You can add a private note.</source>
        <translation>Eine private Notiz ist möglich.</translation>
    </message>
    <message>
        <source>A file is still being uploaded.</source>
        <translation>Eine Datei wird noch hochgeladen.</translation>
    </message>
    <message>
        <source>Add note</source>
        <translation>Notiz hinzufügen</translation>
    </message>
    <message numerus="yes">
        <source>Split into %n messages</source>
        <translation>
            <numerusform>In %n Nachricht teilen</numerusform>
            <numerusform>In %n Nachrichten teilen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Send as %n messages</source>
        <translation>
            <numerusform>Als %n Nachricht senden</numerusform>
            <numerusform>Als %n Nachrichten senden</numerusform>
        </translation>
    </message>
    <message>
        <source>Closing</source>
        <translation>Schließt gleich</translation>
    </message>
    <message>
        <source>leaves after reconnecting</source>
        <translation>geht nach dem Neuverbinden hinaus</translation>
    </message>
    <message>
        <source>Enter adds</source>
        <translation>Enter fügt hinzu</translation>
    </message>
    <message>
        <source>Templates</source>
        <translation>Vorlagen</translation>
    </message>
    <message>
        <source>Attach a file</source>
        <translation>Datei anhängen</translation>
    </message>
    <message>
        <source>Choose template</source>
        <translation>Vorlage wählen</translation>
    </message>
    <message>
        <source>%1 bytes</source>
        <translation>%1 Bytes</translation>
    </message>
    <message numerus="yes">
        <source>%n SMS, %1 more characters fit</source>
        <translation>
            <numerusform>%n SMS, %1 weitere Zeichen passen hinein</numerusform>
            <numerusform>%n SMS, %1 weitere Zeichen passen hinein</numerusform>
        </translation>
    </message>
    <message>
        <source>only 70 each because of the character %1</source>
        <translation>wegen des Zeichens %1 nur je 70</translation>
    </message>
</context>
<context>
    <name>antiphon::ComposerState</name>
    <message>
        <source>Reply to %1</source>
        <translation>Antwort an %1</translation>
    </message>
    <message>
        <source>This inbox was taken away.</source>
        <translation>Dieser Posteingang wurde entfernt.</translation>
    </message>
    <message>
        <source>This inbox is switched off.</source>
        <translation>Dieser Posteingang ist ausgeschaltet.</translation>
    </message>
    <message>
        <source>You can answer once the customer has written.</source>
        <translation>Sie können antworten, sobald der Kunde geschrieben hat.</translation>
    </message>
    <message>
        <source>The time for replies is over. It opens again when %1 writes.</source>
        <translation>Die Zeit für Antworten ist vorbei. Sie beginnt neu, wenn %1 schreibt.</translation>
    </message>
    <message>
        <source>Leaves after the inbox was reconnected</source>
        <translation>Geht hinaus, sobald der Posteingang neu verbunden ist</translation>
    </message>
    <message>
        <source>TikTok does not allow pictures in this conversation.</source>
        <translation>TikTok erlaubt in dieser Unterhaltung keine Bilder.</translation>
    </message>
    <message>
        <source>Write a note first.</source>
        <translation>Schreiben Sie zuerst eine Notiz.</translation>
    </message>
    <message>
        <source>Write something first.</source>
        <translation>Schreiben Sie zuerst etwas.</translation>
    </message>
    <message numerus="yes">
        <source>%n character(s) over the limit of %1.</source>
        <translation>
            <numerusform>%n Zeichen über der Grenze von %1.</numerusform>
            <numerusform>%n Zeichen über der Grenze von %1.</numerusform>
        </translation>
    </message>
    <message>
        <source>Another program handles this conversation.</source>
        <translation>Ein anderes Programm bearbeitet diese Unterhaltung.</translation>
    </message>
    <message>
        <source>The time for free replies is over. An approved template can be sent.</source>
        <translation>Die Zeit für freie Antworten ist um. Eine genehmigte Vorlage kann gesendet werden.</translation>
    </message>
    <message>
        <source>The customer has not written yet. An approved template can be sent.</source>
        <translation>Der Kunde hat noch nicht geschrieben. Eine genehmigte Vorlage kann gesendet werden.</translation>
    </message>
    <message>
        <source>Only an approved template can be sent now.</source>
        <translation>Jetzt kann nur eine genehmigte Vorlage gesendet werden.</translation>
    </message>
    <message numerus="yes">
        <source>%n byte(s) over the limit of %1; accents and emoji take several.</source>
        <translation>
            <numerusform>%n Byte über der Grenze von %1; Umlaute und Emojis brauchen mehrere.</numerusform>
            <numerusform>%n Bytes über der Grenze von %1; Umlaute und Emojis brauchen mehrere.</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 fetches files from a public address, and there is none yet.</source>
        <translation>%1 holt Dateien von einer öffentlichen Adresse, und noch gibt es keine.</translation>
    </message>
</context>
<context>
    <name>antiphon::ConnectPage</name>
    <message>
        <source>Reconnect %1</source>
        <translation>%1 neu verbinden</translation>
    </message>
    <message>
        <source>Connect %1</source>
        <translation>%1 verbinden</translation>
    </message>
    <message>
        <source>Asking the server …</source>
        <translation>Der Server wird gefragt …</translation>
    </message>
    <message>
        <source>Waiting for a message …</source>
        <translation>Warten auf eine Nachricht …</translation>
    </message>
    <message>
        <source>known once there is a public address</source>
        <translation>bekannt, sobald es eine öffentliche Adresse gibt</translation>
    </message>
    <message>
        <source>stored earlier; only an owner can read it</source>
        <translation>früher gespeichert; nur ein Inhaber kann es lesen</translation>
    </message>
    <message>
        <source>not known yet</source>
        <translation>noch nicht bekannt</translation>
    </message>
    <message>
        <source>No public address is known yet. Choose below what leads to this computer, or start Antiphon with --public-url https://your.address.</source>
        <translation>Noch ist keine öffentliche Adresse bekannt. Wählen Sie unten, was zu diesem Computer führt, oder starten Sie Antiphon mit --public-url https://ihre.adresse.</translation>
    </message>
    <message>
        <source>This computer is reached at %1.</source>
        <translation>Dieser Rechner ist unter %1 erreichbar.</translation>
    </message>
    <message>
        <source>A public address is needed first.</source>
        <translation>Zuerst wird eine öffentliche Adresse gebraucht.</translation>
    </message>
    <message>
        <source>Go on without</source>
        <translation>Ohne fortfahren</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>The new verify token is stored. Enter it at Meta, too.</source>
        <translation>Das neue Prüfwort ist gespeichert. Tragen Sie es auch bei Meta ein.</translation>
    </message>
    <message>
        <source>This account is connected already. Its inbox stands under Settings.</source>
        <translation>Dieses Konto ist schon verbunden. Sein Posteingang steht unter Einstellungen.</translation>
    </message>
    <message>
        <source>Trying the values at %1 …</source>
        <translation>Die Werte werden bei %1 geprüft …</translation>
    </message>
    <message>
        <source>Waiting for your answer in the browser …</source>
        <translation>Warten auf Ihre Antwort im Browser …</translation>
    </message>
    <message>
        <source>The browser could not be opened. Open this address yourself: %1</source>
        <translation>Der Browser ließ sich nicht öffnen. Öffnen Sie diese Adresse selbst: %1</translation>
    </message>
    <message>
        <source>Paste the whole address from the browser&apos;s address bar.</source>
        <translation>Fügen Sie die ganze Adresse aus der Adresszeile des Browsers ein.</translation>
    </message>
    <message>
        <source>It arrived. Everything works.</source>
        <translation>Angekommen. Alles funktioniert.</translation>
    </message>
    <message>
        <source>It arrived: “%1”. Everything works.</source>
        <translation>Angekommen: „%1“. Alles funktioniert.</translation>
    </message>
    <message>
        <source>%1 is connected. Checking …</source>
        <translation>%1 ist verbunden. Wird geprüft …</translation>
    </message>
    <message>
        <source>%1 is connected.</source>
        <translation>%1 ist verbunden.</translation>
    </message>
    <message>
        <source>%1 is connected, and %2 delivers to this computer.</source>
        <translation>%1 ist verbunden, und %2 stellt an diesen Computer zu.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Nicht jetzt</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Save and go on</source>
        <translation>Speichern und weiter</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>Verbinden</translation>
    </message>
    <message>
        <source>set for you</source>
        <translation>wird für Sie gesetzt</translation>
    </message>
    <message>
        <source>Make a new verify token</source>
        <translation>Neues Prüfwort erzeugen</translation>
    </message>
    <message>
        <source>Open %1 in the browser</source>
        <translation>%1 im Browser öffnen</translation>
    </message>
    <message>
        <source>Enter the keys again</source>
        <translation>Schlüssel neu eingeben</translation>
    </message>
    <message>
        <source>Did the browser end on a page that can&apos;t be reached? Paste the address that it shows:</source>
        <translation>Endete der Browser auf einer Seite, die nicht erreichbar ist? Fügen Sie die Adresse ein, die er zeigt:</translation>
    </message>
    <message>
        <source>Address of the page the browser ended on</source>
        <translation>Adresse der Seite, auf der der Browser endete</translation>
    </message>
    <message>
        <source>Use this address</source>
        <translation>Diese Adresse verwenden</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>Noch einmal prüfen</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>%1 is connected, and this computer fetches its messages from %2.</source>
        <translation>%1 ist verbunden, und dieser Computer holt die Nachrichten bei %2 ab.</translation>
    </message>
    <message>
        <source>More options</source>
        <translation>Weitere Angaben</translation>
    </message>
    <message>
        <source>Fewer options</source>
        <translation>Weniger Angaben</translation>
    </message>
</context>
<context>
    <name>antiphon::ConnectPlan</name>
    <message>
        <source>Public address</source>
        <translation>Öffentliche Adresse</translation>
    </message>
    <message>
        <source>How %1 reaches this computer</source>
        <translation>Wie %1 diesen Computer erreicht</translation>
    </message>
    <message>
        <source>%1 delivers messages to an https address that leads to this computer. Choose what leads there; this program starts it, watches it and tells you what to enter at the platform.</source>
        <translation>%1 stellt Nachrichten an eine https-Adresse zu, die zu diesem Computer führt. Wählen Sie, was dorthin führt; dieses Programm startet es, überwacht es und sagt Ihnen, was bei der Plattform einzutragen ist.</translation>
    </message>
    <message>
        <source>Round trip</source>
        <translation>Probe</translation>
    </message>
    <message>
        <source>One real message</source>
        <translation>Eine echte Nachricht</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>Anmelden</translation>
    </message>
    <message>
        <source>In your browser</source>
        <translation>Im Browser</translation>
    </message>
    <message>
        <source>Agree in your browser</source>
        <translation>Im Browser zustimmen</translation>
    </message>
    <message>
        <source>%1 asks the owner of the account whether this workspace may read and answer its messages. The page opens in your browser; when you have agreed, this window goes on by itself.</source>
        <translation>%1 fragt den Inhaber des Kontos, ob dieser Arbeitsbereich seine Nachrichten lesen und beantworten darf. Die Seite öffnet sich in Ihrem Browser; wenn Sie zugestimmt haben, geht es hier von selbst weiter.</translation>
    </message>
    <message>
        <source>Delivery</source>
        <translation>Zustellung</translation>
    </message>
    <message>
        <source>Callback address</source>
        <translation>Rückrufadresse</translation>
    </message>
    <message>
        <source>Tell Meta where to deliver</source>
        <translation>Meta sagen, wohin zugestellt wird</translation>
    </message>
    <message>
        <source>Meta asks this computer once whether the address is yours; the verify token proves it.</source>
        <translation>Meta fragt diesen Computer einmal, ob die Adresse Ihnen gehört; das Prüfwort beweist es.</translation>
    </message>
    <message>
        <source>Paste into the dashboard</source>
        <translation>Im Dashboard eintragen</translation>
    </message>
    <message>
        <source>Callback URL</source>
        <translation>Callback-URL</translation>
    </message>
    <message>
        <source>Verify token</source>
        <translation>Prüfwort (Verify token)</translation>
    </message>
    <message>
        <source>An app ID has only digits.</source>
        <translation>Eine App-ID besteht nur aus Ziffern.</translation>
    </message>
    <message>
        <source>An app secret is 32 letters a to f and digits.</source>
        <translation>Ein App-Geheimnis besteht aus 32 Buchstaben a bis f und Ziffern.</translation>
    </message>
    <message>
        <source>Meta does not know this secret. Copy it again.</source>
        <translation>Meta kennt dieses Geheimnis nicht. Kopieren Sie es noch einmal.</translation>
    </message>
    <message>
        <source>TikTok app</source>
        <translation>TikTok-App</translation>
    </message>
    <message>
        <source>Portal values</source>
        <translation>Werte aus dem Portal</translation>
    </message>
    <message>
        <source>Your app in the TikTok developer portal</source>
        <translation>Ihre App im TikTok-Entwicklerportal</translation>
    </message>
    <message>
        <source>One app serves all TikTok accounts of this workspace. Create it once, with the product “Business Messaging”.</source>
        <translation>Eine App genügt für alle TikTok-Konten dieses Arbeitsbereichs. Legen Sie sie einmal an, mit dem Produkt „Business Messaging“.</translation>
    </message>
    <message>
        <source>Paste into the portal</source>
        <translation>Im Portal eintragen</translation>
    </message>
    <message>
        <source>Redirect URL</source>
        <translation>Redirect-URL</translation>
    </message>
    <message>
        <source>Webhook</source>
        <translation>Webhook</translation>
    </message>
    <message>
        <source>Permissions</source>
        <translation>Berechtigungen</translation>
    </message>
    <message>
        <source>Copy from the portal</source>
        <translation>Aus dem Portal übernehmen</translation>
    </message>
    <message>
        <source>App ID</source>
        <translation>App-ID</translation>
    </message>
    <message>
        <source>App secret</source>
        <translation>App-Geheimnis</translation>
    </message>
    <message>
        <source>The secret is kept encrypted. It also checks every webhook.</source>
        <translation>Das Geheimnis wird verschlüsselt aufbewahrt. Es prüft auch jeden Webhook.</translation>
    </message>
    <message>
        <source>In the TikTok app of the account</source>
        <translation>In der TikTok-App des Kontos</translation>
    </message>
    <message>
        <source>It is a Business Account (personal accounts can&apos;t use messaging by API)</source>
        <translation>Es ist ein Unternehmenskonto (private Konten können die Nachrichten-API nicht nutzen)</translation>
    </message>
    <message>
        <source>Direct messages are allowed from everyone (else each request must be accepted in the app first)</source>
        <translation>Direktnachrichten sind von allen erlaubt (sonst muss jede Anfrage zuerst in der App angenommen werden)</translation>
    </message>
    <message>
        <source>Write to the account from another TikTok account now. The message appears here as soon as it arrives.</source>
        <translation>Schreiben Sie dem Konto jetzt von einem anderen TikTok-Konto. Die Nachricht erscheint hier, sobald sie ankommt.</translation>
    </message>
    <message>
        <source>WhatsApp number</source>
        <translation>WhatsApp-Nummer</translation>
    </message>
    <message>
        <source>Values of the Meta app</source>
        <translation>Werte der Meta-App</translation>
    </message>
    <message>
        <source>Your number in the Meta app</source>
        <translation>Ihre Nummer in der Meta-App</translation>
    </message>
    <message>
        <source>The WhatsApp Business Platform (Cloud API) gives five values. They are tried as soon as you go on.</source>
        <translation>Die WhatsApp Business Platform (Cloud API) gibt fünf Werte. Sie werden geprüft, sobald Sie fortfahren.</translation>
    </message>
    <message>
        <source>Create an app of the type “Business”, or open the one you have, and add the product “WhatsApp”.</source>
        <translation>Legen Sie eine App vom Typ „Business“ an, oder öffnen Sie die vorhandene, und fügen Sie das Produkt „WhatsApp“ hinzu.</translation>
    </message>
    <message>
        <source>WhatsApp → API Setup shows the phone number ID and the WhatsApp Business Account ID.</source>
        <translation>WhatsApp → API Setup zeigt die Phone number ID und die WhatsApp Business Account ID.</translation>
    </message>
    <message>
        <source>App settings → Basic shows the app secret.</source>
        <translation>App settings → Basic zeigt das App-Geheimnis.</translation>
    </message>
    <message>
        <source>In the Business settings, under Users → System users, make a token for this app that never expires, with the permissions whatsapp_business_messaging and whatsapp_business_management.</source>
        <translation>Erzeugen Sie in den Business-Einstellungen unter Users → System users für diese App ein Token, das nie abläuft, mit den Berechtigungen whatsapp_business_messaging und whatsapp_business_management.</translation>
    </message>
    <message>
        <source>Copy from the dashboard</source>
        <translation>Aus dem Dashboard übernehmen</translation>
    </message>
    <message>
        <source>Phone number</source>
        <translation>Telefonnummer</translation>
    </message>
    <message>
        <source>Write it with + and the country&apos;s code, 7 to 15 digits.</source>
        <translation>Schreiben Sie sie mit + und Landesvorwahl, 7 bis 15 Ziffern.</translation>
    </message>
    <message>
        <source>This is not the number of the phone number ID.</source>
        <translation>Das ist nicht die Nummer der Phone number ID.</translation>
    </message>
    <message>
        <source>Phone number ID</source>
        <translation>Phone number ID</translation>
    </message>
    <message>
        <source>An ID has only digits. It is not the phone number itself.</source>
        <translation>Eine ID besteht nur aus Ziffern. Sie ist nicht die Telefonnummer selbst.</translation>
    </message>
    <message>
        <source>Meta does not know this ID, or the token may not use it.</source>
        <translation>Meta kennt diese ID nicht, oder das Token darf sie nicht benutzen.</translation>
    </message>
    <message>
        <source>Business Account ID</source>
        <translation>Business Account ID</translation>
    </message>
    <message>
        <source>An ID has only digits.</source>
        <translation>Eine ID besteht nur aus Ziffern.</translation>
    </message>
    <message>
        <source>Meta does not know this WhatsApp Business Account, or the token may not use it.</source>
        <translation>Meta kennt dieses WhatsApp-Business-Konto nicht, oder das Token darf es nicht benutzen.</translation>
    </message>
    <message>
        <source>Access token</source>
        <translation>Zugriffstoken</translation>
    </message>
    <message>
        <source>A token is one long word without blanks.</source>
        <translation>Ein Token ist ein langes Wort ohne Leerzeichen.</translation>
    </message>
    <message>
        <source>Meta does not accept this token. It needs both permissions and must not have ended.</source>
        <translation>Meta nimmt dieses Token nicht an. Es braucht beide Berechtigungen und darf nicht abgelaufen sein.</translation>
    </message>
    <message>
        <source>Token and secret are kept encrypted. The secret also checks every webhook.</source>
        <translation>Token und Geheimnis werden verschlüsselt aufbewahrt. Das Geheimnis prüft auch jeden Webhook.</translation>
    </message>
    <message>
        <source>WhatsApp → Configuration: choose “Edit” beside “Webhook”.</source>
        <translation>WhatsApp → Configuration: wählen Sie neben „Webhook“ „Edit“.</translation>
    </message>
    <message>
        <source>Paste both values and press “Verify and save”.</source>
        <translation>Tragen Sie beide Werte ein und drücken Sie „Verify and save“.</translation>
    </message>
    <message>
        <source>Under “Webhook fields” subscribe to messages, account_update and message_template_status_update; for a number that is also in the WhatsApp Business app to smb_message_echoes, smb_app_state_sync and history, too.</source>
        <translation>Abonnieren Sie unter „Webhook fields“ messages, account_update und message_template_status_update; bei einer Nummer, die auch in der WhatsApp-Business-App ist, dazu smb_message_echoes, smb_app_state_sync und history.</translation>
    </message>
    <message>
        <source>Write to the number from another phone now. The message appears here as soon as it arrives.</source>
        <translation>Schreiben Sie der Nummer jetzt von einem anderen Telefon. Die Nachricht erscheint hier, sobald sie ankommt.</translation>
    </message>
    <message>
        <source>Instagram app</source>
        <translation>Instagram-App</translation>
    </message>
    <message>
        <source>Dashboard values</source>
        <translation>Werte aus dem Dashboard</translation>
    </message>
    <message>
        <source>Your app in Meta&apos;s dashboard</source>
        <translation>Ihre App in Metas Dashboard</translation>
    </message>
    <message>
        <source>One app serves all Instagram accounts of this workspace. A Facebook page is not needed.</source>
        <translation>Eine App genügt für alle Instagram-Konten dieses Arbeitsbereichs. Eine Facebook-Seite ist nicht nötig.</translation>
    </message>
    <message>
        <source>Create an app of the type “Business”, or open the one you have, and add the product “Instagram”.</source>
        <translation>Legen Sie eine App vom Typ „Business“ an, oder öffnen Sie die vorhandene, und fügen Sie das Produkt „Instagram“ hinzu.</translation>
    </message>
    <message>
        <source>Instagram → API setup with Instagram login shows the Instagram app ID and secret. They are not those of the Meta app.</source>
        <translation>Instagram → API setup with Instagram login zeigt Instagram-App-ID und -Geheimnis. Es sind nicht die der Meta-App.</translation>
    </message>
    <message>
        <source>In the same place, under “Set up Instagram business login”, paste the redirect URL.</source>
        <translation>Tragen Sie dort unter „Set up Instagram business login“ die Redirect-URL ein.</translation>
    </message>
    <message>
        <source>Publish the app: in development mode only its own people&apos;s messages come in.</source>
        <translation>Veröffentlichen Sie die App: Im Entwicklungsmodus kommen nur Nachrichten der eigenen Leute an.</translation>
    </message>
    <message>
        <source>Instagram app ID</source>
        <translation>Instagram-App-ID</translation>
    </message>
    <message>
        <source>Instagram app secret</source>
        <translation>Instagram-App-Geheimnis</translation>
    </message>
    <message>
        <source>In the Instagram app of the account</source>
        <translation>In der Instagram-App des Kontos</translation>
    </message>
    <message>
        <source>It is a professional account (business or creator)</source>
        <translation>Es ist ein professionelles Konto (Unternehmen oder Creator)</translation>
    </message>
    <message>
        <source>Under Settings → Messages and story replies → Message controls, connected tools may access messages</source>
        <translation>Unter Einstellungen → Nachrichten und Story-Antworten → Nachrichtensteuerung dürfen verbundene Tools auf Nachrichten zugreifen</translation>
    </message>
    <message>
        <source>Instagram → API setup with Instagram login: open “Configure webhooks”.</source>
        <translation>Instagram → API setup with Instagram login: öffnen Sie „Configure webhooks“.</translation>
    </message>
    <message>
        <source>Subscribe to messages, message_reactions, messaging_seen, messaging_postbacks and messaging_referral.</source>
        <translation>Abonnieren Sie messages, message_reactions, messaging_seen, messaging_postbacks und messaging_referral.</translation>
    </message>
    <message>
        <source>Write to the account from another Instagram account now. The message appears here as soon as it arrives.</source>
        <translation>Schreiben Sie dem Konto jetzt von einem anderen Instagram-Konto. Die Nachricht erscheint hier, sobald sie ankommt.</translation>
    </message>
    <message>
        <source>Meta app</source>
        <translation>Meta-App</translation>
    </message>
    <message>
        <source>One app serves all Facebook pages of this workspace.</source>
        <translation>Eine App genügt für alle Facebook-Seiten dieses Arbeitsbereichs.</translation>
    </message>
    <message>
        <source>Create an app of the type “Business”, or open the one you have, and add the product “Messenger”.</source>
        <translation>Legen Sie eine App vom Typ „Business“ an, oder öffnen Sie die vorhandene, und fügen Sie das Produkt „Messenger“ hinzu.</translation>
    </message>
    <message>
        <source>App settings → Basic shows the app ID and the app secret.</source>
        <translation>App settings → Basic zeigt App-ID und App-Geheimnis.</translation>
    </message>
    <message>
        <source>Facebook page</source>
        <translation>Facebook-Seite</translation>
    </message>
    <message>
        <source>Page and its token</source>
        <translation>Seite und ihr Token</translation>
    </message>
    <message>
        <source>The page that customers write to</source>
        <translation>Die Seite, der Kunden schreiben</translation>
    </message>
    <message>
        <source>You need the right to answer messages of the page. The token is tried as soon as you go on.</source>
        <translation>Sie brauchen das Recht, Nachrichten der Seite zu beantworten. Das Token wird geprüft, sobald Sie fortfahren.</translation>
    </message>
    <message>
        <source>Messenger → Messenger API Settings: connect your page under “Generate access tokens”; its ID stands below its name.</source>
        <translation>Messenger → Messenger API Settings: verbinden Sie Ihre Seite unter „Generate access tokens“; ihre ID steht unter ihrem Namen.</translation>
    </message>
    <message>
        <source>Press “Generate” beside the page and copy the token.</source>
        <translation>Drücken Sie neben der Seite „Generate“ und kopieren Sie das Token.</translation>
    </message>
    <message>
        <source>Page ID</source>
        <translation>Seiten-ID</translation>
    </message>
    <message>
        <source>Meta does not know this page, or the token is of another page.</source>
        <translation>Meta kennt diese Seite nicht, oder das Token gehört zu einer anderen Seite.</translation>
    </message>
    <message>
        <source>Page access token</source>
        <translation>Seiten-Zugriffstoken</translation>
    </message>
    <message>
        <source>Meta does not accept this token. Generate a new one and copy all of it.</source>
        <translation>Meta nimmt dieses Token nicht an. Erzeugen Sie ein neues und kopieren Sie es ganz.</translation>
    </message>
    <message>
        <source>The token is kept encrypted.</source>
        <translation>Das Token wird verschlüsselt aufbewahrt.</translation>
    </message>
    <message>
        <source>Messenger → Messenger API Settings: under “Configure webhooks” paste both values and press “Verify and save”.</source>
        <translation>Messenger → Messenger API Settings: tragen Sie unter „Configure webhooks“ beide Werte ein und drücken Sie „Verify and save“.</translation>
    </message>
    <message>
        <source>Subscribe to messages, messaging_postbacks, message_deliveries, message_reads, message_echoes, message_reactions and messaging_referrals.</source>
        <translation>Abonnieren Sie messages, messaging_postbacks, message_deliveries, message_reads, message_echoes, message_reactions und messaging_referrals.</translation>
    </message>
    <message>
        <source>Write to the page from another account now. The message appears here as soon as it arrives.</source>
        <translation>Schreiben Sie der Seite jetzt von einem anderen Konto. Die Nachricht erscheint hier, sobald sie ankommt.</translation>
    </message>
    <message>
        <source>Cloud API number and a Meta app, about 15 min</source>
        <translation>Cloud-API-Nummer und eine Meta-App, etwa 15 Min.</translation>
    </message>
    <message>
        <source>Professional account and a Meta app, about 15 min</source>
        <translation>Professionelles Konto und eine Meta-App, etwa 15 Min.</translation>
    </message>
    <message>
        <source>Facebook page and a Meta app, about 15 min</source>
        <translation>Facebook-Seite und eine Meta-App, etwa 15 Min.</translation>
    </message>
    <message>
        <source>Business Account and a developer app, about 15 min</source>
        <translation>Unternehmenskonto und eine Entwickler-App, etwa 15 Min.</translation>
    </message>
    <message>
        <source>Open Meta&apos;s App Dashboard</source>
        <translation>Metas App-Dashboard öffnen</translation>
    </message>
    <message>
        <source>Open the portal</source>
        <translation>Portal öffnen</translation>
    </message>
    <message>
        <source>Without an address the number is connected all the same and can write, but nothing that customers write arrives.</source>
        <translation>Ohne Adresse wird die Nummer trotzdem verbunden und kann schreiben, aber nichts, was Kunden schreiben, kommt an.</translation>
    </message>
    <message>
        <source>A bot&apos;s token from BotFather, about 3 min</source>
        <translation>Token eines Bots von BotFather, etwa 3 min</translation>
    </message>
    <message>
        <source>Official Account, Messaging API, about 10 min</source>
        <translation>Official Account, Messaging API, etwa 10 min</translation>
    </message>
    <message>
        <source>SMS or WhatsApp with a Twilio number, about 5 min</source>
        <translation>SMS oder WhatsApp mit einer Twilio-Nummer, etwa 5 min</translation>
    </message>
    <message>
        <source>Works without a public address</source>
        <translation>Geht ohne öffentliche Adresse</translation>
    </message>
    <message>
        <source>Works without a public address, but slower</source>
        <translation>Geht ohne öffentliche Adresse, aber langsamer</translation>
    </message>
    <message>
        <source>Public address to sign in; slower without</source>
        <translation>Öffentl. Adresse zum Anmelden; ohne langsamer</translation>
    </message>
    <message>
        <source>Needs a public address</source>
        <translation>Braucht eine öffentliche Adresse</translation>
    </message>
    <message>
        <source>How messages come here</source>
        <translation>Wie Nachrichten hierherkommen</translation>
    </message>
    <message>
        <source>Telegram delivers them (webhook)</source>
        <translation>Telegram stellt sie zu (Webhook)</translation>
    </message>
    <message>
        <source>Needs a public address. Telegram keeps what it can&apos;t deliver for 24 hours.</source>
        <translation>Braucht eine öffentliche Adresse. Was Telegram nicht zustellen kann, hebt es 24 Stunden auf.</translation>
    </message>
    <message>
        <source>This computer fetches them</source>
        <translation>Dieser Computer holt sie ab</translation>
    </message>
    <message>
        <source>Needs no public address and is as quick. Only one program at a time can fetch a bot&apos;s messages.</source>
        <translation>Braucht keine öffentliche Adresse und ist ebenso schnell. Immer nur ein Programm kann die Nachrichten eines Bots abholen.</translation>
    </message>
    <message>
        <source>Telegram bot</source>
        <translation>Telegram-Bot</translation>
    </message>
    <message>
        <source>Its token</source>
        <translation>Sein Token</translation>
    </message>
    <message>
        <source>Your bot&apos;s token</source>
        <translation>Das Token Ihres Bots</translation>
    </message>
    <message>
        <source>Customers write to a bot. BotFather, Telegram&apos;s own bot, makes one and gives you its token.</source>
        <translation>Kunden schreiben an einen Bot. BotFather, Telegrams eigener Bot, legt einen an und gibt Ihnen sein Token.</translation>
    </message>
    <message>
        <source>Open BotFather</source>
        <translation>BotFather öffnen</translation>
    </message>
    <message>
        <source>Send /newbot to BotFather, choose a name that customers see and a user name that ends in “bot”.</source>
        <translation>Senden Sie BotFather /newbot, wählen Sie einen Namen, den Kunden sehen, und einen Benutzernamen, der auf „bot“ endet.</translation>
    </message>
    <message>
        <source>Copy the token from BotFather&apos;s answer. For a bot that you have already: /mybots, choose it, “API Token”.</source>
        <translation>Kopieren Sie das Token aus BotFathers Antwort. Bei einem Bot, den Sie schon haben: /mybots, ihn auswählen, „API Token“.</translation>
    </message>
    <message>
        <source>Copy from BotFather</source>
        <translation>Von BotFather kopieren</translation>
    </message>
    <message>
        <source>Bot token</source>
        <translation>Bot-Token</translation>
    </message>
    <message>
        <source>A token is digits, a colon and at least 30 letters, digits, “_” or “-”. Copy all of it.</source>
        <translation>Ein Token besteht aus Ziffern, einem Doppelpunkt und mindestens 30 Buchstaben, Ziffern, „_“ oder „-“. Kopieren Sie es ganz.</translation>
    </message>
    <message>
        <source>Telegram does not accept this token. Copy it again, or make a new one with /revoke in BotFather.</source>
        <translation>Telegram nimmt dieses Token nicht an. Kopieren Sie es noch einmal, oder lassen Sie BotFather mit /revoke ein neues machen.</translation>
    </message>
    <message>
        <source>Bot API server</source>
        <translation>Bot-API-Server</translation>
    </message>
    <message>
        <source>Only for a server of your own. Log the bot out of Telegram&apos;s server first (method logOut).</source>
        <translation>Nur für einen eigenen Server. Melden Sie den Bot vorher bei Telegrams Server ab (Methode logOut).</translation>
    </message>
    <message>
        <source>Write a whole address that begins with https://, or with http:// for this computer.</source>
        <translation>Schreiben Sie eine ganze Adresse, die mit https:// beginnt, oder mit http:// für diesen Computer.</translation>
    </message>
    <message>
        <source>This address can&apos;t be used: https, or http for this computer and its own network.</source>
        <translation>Diese Adresse geht nicht: https, oder http für diesen Computer und sein eigenes Netz.</translation>
    </message>
    <message>
        <source>The token is kept encrypted. Whoever has it can write as your bot.</source>
        <translation>Das Token wird verschlüsselt aufbewahrt. Wer es hat, kann als Ihr Bot schreiben.</translation>
    </message>
    <message>
        <source>What it carries</source>
        <translation>Was sie befördert</translation>
    </message>
    <message>
        <source>SMS and MMS</source>
        <translation>SMS und MMS</translation>
    </message>
    <message>
        <source>A text over 160 characters is several SMS, each of which costs.</source>
        <translation>Ein Text über 160 Zeichen sind mehrere SMS, und jede kostet.</translation>
    </message>
    <message>
        <source>WhatsApp over Twilio</source>
        <translation>WhatsApp über Twilio</translation>
    </message>
    <message>
        <source>With a WhatsApp sender of this account. Free answers for 24 hours after the customer&apos;s last message.</source>
        <translation>Mit einem WhatsApp-Absender dieses Kontos. Freie Antworten sind 24 Stunden nach der letzten Nachricht des Kunden möglich.</translation>
    </message>
    <message>
        <source>Both ways (recommended)</source>
        <translation>Auf beiden Wegen (empfohlen)</translation>
    </message>
    <message>
        <source>Twilio delivers at once, and this computer asks every minute for what got lost: Twilio itself hardly tries again.</source>
        <translation>Twilio stellt sofort zu, und dieser Computer fragt jede Minute nach, was verloren ging: Twilio selbst versucht es kaum noch einmal.</translation>
    </message>
    <message>
        <source>This computer asks every minute</source>
        <translation>Dieser Computer fragt jede Minute</translation>
    </message>
    <message>
        <source>Needs no public address. Messages come up to a minute late; pictures can be received, but not sent.</source>
        <translation>Braucht keine öffentliche Adresse. Nachrichten kommen bis zu einer Minute später; Bilder kommen an, können aber nicht gesendet werden.</translation>
    </message>
    <message>
        <source>Only Twilio delivers (webhook)</source>
        <translation>Nur Twilio stellt zu (Webhook)</translation>
    </message>
    <message>
        <source>What fails on its way is fetched after an interruption only.</source>
        <translation>Was unterwegs scheitert, wird nur nach einer Unterbrechung nachgeholt.</translation>
    </message>
    <message>
        <source>Account SID</source>
        <translation>Account SID</translation>
    </message>
    <message>
        <source>An Account SID is “AC” and 32 letters a to f and digits.</source>
        <translation>Eine Account SID ist „AC“ und 32 Buchstaben a bis f und Ziffern.</translation>
    </message>
    <message>
        <source>Twilio does not know this account, or it is not active.</source>
        <translation>Twilio kennt dieses Konto nicht, oder es ist nicht aktiv.</translation>
    </message>
    <message>
        <source>Auth Token</source>
        <translation>Auth Token</translation>
    </message>
    <message>
        <source>An Auth Token is 32 letters a to f and digits.</source>
        <translation>Ein Auth Token ist 32 Buchstaben a bis f und Ziffern.</translation>
    </message>
    <message>
        <source>Twilio does not accept this Auth Token. Copy it again; it is not the secret of an API key.</source>
        <translation>Twilio nimmt dieses Auth Token nicht an. Kopieren Sie es noch einmal; es ist nicht das Geheimnis eines API-Schlüssels.</translation>
    </message>
    <message>
        <source>Number or service</source>
        <translation>Nummer oder Dienst</translation>
    </message>
    <message>
        <source>A number with its country, a short code, a sender&apos;s name, or the SID of a Messaging Service (MG…).</source>
        <translation>Eine Nummer mit Landesvorwahl, eine Kurzwahl, ein Absendername oder die SID eines Messaging Service (MG…).</translation>
    </message>
    <message>
        <source>Write a number with + and the country&apos;s code, a short code of 5 or 6 digits, a sender&apos;s name, or a service&apos;s SID: “MG” and 32 letters a to f and digits.</source>
        <translation>Schreiben Sie eine Nummer mit + und Landesvorwahl, eine Kurzwahl mit 5 oder 6 Ziffern, einen Absendernamen oder die SID eines Dienstes: „MG“ und 32 Buchstaben a bis f und Ziffern.</translation>
    </message>
    <message>
        <source>Twilio has no such number or service in this account.</source>
        <translation>Twilio hat in diesem Konto keine solche Nummer und keinen solchen Dienst.</translation>
    </message>
    <message>
        <source>API key SID</source>
        <translation>SID des API-Schlüssels</translation>
    </message>
    <message>
        <source>The SID of an API key is “SK” and 32 letters a to f and digits.</source>
        <translation>Die SID eines API-Schlüssels ist „SK“ und 32 Buchstaben a bis f und Ziffern.</translation>
    </message>
    <message>
        <source>Twilio does not accept this API key.</source>
        <translation>Twilio nimmt diesen API-Schlüssel nicht an.</translation>
    </message>
    <message>
        <source>API key secret</source>
        <translation>Geheimnis des API-Schlüssels</translation>
    </message>
    <message>
        <source>A secret is one long word without blanks.</source>
        <translation>Ein Geheimnis ist ein langes Wort ohne Leerzeichen.</translation>
    </message>
    <message>
        <source>Open the bot in Telegram from another account, press “Start” and write to it now. The message appears here as soon as it arrives.</source>
        <translation>Öffnen Sie den Bot jetzt mit einem anderen Telegram-Konto, drücken Sie „Start“ und schreiben Sie ihm. Die Nachricht erscheint hier, sobald sie ankommt.</translation>
    </message>
    <message>
        <source>Also answer the chats of a personal account (Telegram Business)</source>
        <translation>Auch die Chats eines persönlichen Kontos beantworten (Telegram Business)</translation>
    </message>
    <message>
        <source>In BotFather: /mybots, choose the bot, “Bot Settings”, “Business Mode”, turn it on.</source>
        <translation>Bei BotFather: /mybots, den Bot auswählen, „Bot Settings“, „Business Mode“, einschalten.</translation>
    </message>
    <message>
        <source>In the Telegram app of the account, which needs Telegram Premium: Settings → Telegram Business → Chatbots. Enter the bot&apos;s user name, choose the chats, and allow it to reply.</source>
        <translation>In der Telegram-App des Kontos, das Telegram Premium braucht: Einstellungen → Telegram Business → Chatbots. Geben Sie den Benutzernamen des Bots ein, wählen Sie die Chats und erlauben Sie ihm zu antworten.</translation>
    </message>
    <message>
        <source>Each customer of that account then has a conversation of their own here, with the owner&apos;s name above it. Telegram allows answers there for 24 hours after the customer&apos;s last message. Groups and channels are not shown.</source>
        <translation>Jeder Kunde dieses Kontos hat hier dann eine eigene Unterhaltung, über der der Name des Inhabers steht. Telegram erlaubt dort Antworten bis 24 Stunden nach der letzten Nachricht des Kunden. Gruppen und Kanäle werden nicht gezeigt.</translation>
    </message>
    <message>
        <source>LINE channel</source>
        <translation>LINE-Kanal</translation>
    </message>
    <message>
        <source>Console values</source>
        <translation>Werte der Konsole</translation>
    </message>
    <message>
        <source>Your channel in the LINE Developers Console</source>
        <translation>Ihr Kanal in der LINE Developers Console</translation>
    </message>
    <message>
        <source>An Official Account needs a channel of the type Messaging API. It gives three values; they are tried as soon as you go on.</source>
        <translation>Ein Official Account braucht einen Kanal der Art Messaging API. Er hat drei Werte; sie werden ausprobiert, sobald Sie weitergehen.</translation>
    </message>
    <message>
        <source>Open the LINE Developers Console</source>
        <translation>LINE Developers Console öffnen</translation>
    </message>
    <message>
        <source>Choose the provider and its channel of the type Messaging API. There is none yet? Turn the Messaging API on in the Official Account Manager, under Settings.</source>
        <translation>Wählen Sie den Provider und seinen Kanal der Art Messaging API. Es gibt noch keinen? Schalten Sie die Messaging API im Official Account Manager unter Settings ein.</translation>
    </message>
    <message>
        <source>“Basic settings” shows the channel ID and the channel secret.</source>
        <translation>„Basic settings“ zeigt Kanal-ID und Kanalgeheimnis.</translation>
    </message>
    <message>
        <source>“Messaging API”, at its end, issues the long-lived channel access token.</source>
        <translation>„Messaging API“ stellt ganz unten das langlebige Zugangstoken aus.</translation>
    </message>
    <message>
        <source>Copy from the console</source>
        <translation>Aus der Konsole kopieren</translation>
    </message>
    <message>
        <source>Channel ID</source>
        <translation>Kanal-ID</translation>
    </message>
    <message>
        <source>Basic settings → Channel ID</source>
        <translation>Basic settings → Channel ID</translation>
    </message>
    <message>
        <source>A channel ID has only digits. It is not the account&apos;s ID with the @.</source>
        <translation>Eine Kanal-ID hat nur Ziffern. Sie ist nicht die ID des Kontos mit dem @.</translation>
    </message>
    <message>
        <source>This is not the channel of the token.</source>
        <translation>Das ist nicht der Kanal des Tokens.</translation>
    </message>
    <message>
        <source>Channel secret</source>
        <translation>Kanalgeheimnis</translation>
    </message>
    <message>
        <source>Basic settings → Channel secret</source>
        <translation>Basic settings → Channel secret</translation>
    </message>
    <message>
        <source>A channel secret is 32 letters a to f and digits.</source>
        <translation>Ein Kanalgeheimnis ist 32 Buchstaben a bis f und Ziffern.</translation>
    </message>
    <message>
        <source>LINE does not know this secret. Copy it again.</source>
        <translation>LINE kennt dieses Geheimnis nicht. Kopieren Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Channel access token</source>
        <translation>Zugangstoken</translation>
    </message>
    <message>
        <source>Messaging API → Channel access token (long-lived)</source>
        <translation>Messaging API → Channel access token (long-lived)</translation>
    </message>
    <message>
        <source>LINE does not accept this token. Issue it anew and copy all of it.</source>
        <translation>LINE nimmt dieses Token nicht an. Stellen Sie es neu aus und kopieren Sie es ganz.</translation>
    </message>
    <message>
        <source>Secret and token are kept encrypted. The secret also checks every webhook.</source>
        <translation>Geheimnis und Token werden verschlüsselt aufbewahrt. Mit dem Geheimnis wird auch jeder Webhook geprüft.</translation>
    </message>
    <message>
        <source>Three switches</source>
        <translation>Drei Schalter</translation>
    </message>
    <message>
        <source>Let LINE deliver</source>
        <translation>LINE zustellen lassen</translation>
    </message>
    <message>
        <source>The address is entered for you. Three switches only a person can set; the next page tells what LINE&apos;s own test of the webhook found.</source>
        <translation>Die Adresse wird für Sie eingetragen. Drei Schalter kann nur ein Mensch stellen; die nächste Seite sagt, was LINEs eigener Test des Webhooks ergab.</translation>
    </message>
    <message>
        <source>Under “Messaging API” in the console</source>
        <translation>Unter „Messaging API“ in der Konsole</translation>
    </message>
    <message>
        <source>Webhook URL</source>
        <translation>Webhook-URL</translation>
    </message>
    <message>
        <source>Look after these</source>
        <translation>Darauf kommt es an</translation>
    </message>
    <message>
        <source>“Use webhook” is on</source>
        <translation>„Use webhook“ ist an</translation>
    </message>
    <message>
        <source>“Webhook redelivery” is on: else what arrives while this computer sleeps is lost, for LINE has no list of messages</source>
        <translation>„Webhook redelivery“ ist an: Sonst ist verloren, was ankommt, während dieser Computer schläft, denn LINE hat keine Liste der Nachrichten</translation>
    </message>
    <message>
        <source>“Auto-reply messages” are off, or LINE answers your customers before you do</source>
        <translation>„Auto-reply messages“ sind aus, sonst antwortet LINE Ihren Kunden vor Ihnen</translation>
    </message>
    <message>
        <source>Write to the account from another LINE account now. The message appears here as soon as it arrives.</source>
        <translation>Schreiben Sie dem Konto jetzt von einem anderen LINE-Konto. Die Nachricht erscheint hier, sobald sie ankommt.</translation>
    </message>
    <message>
        <source>Replies sent from the LINE app will not appear here: LINE does not pass them on.</source>
        <translation>Antworten aus der LINE-App erscheinen hier nicht: LINE gibt sie nicht weiter.</translation>
    </message>
    <message>
        <source>Without an address the account is connected all the same and can write, but nothing that customers write arrives, and no files can be sent.</source>
        <translation>Ohne Adresse wird das Konto trotzdem verbunden und kann schreiben, aber nichts, was Kunden schreiben, kommt an, und Dateien lassen sich nicht senden.</translation>
    </message>
    <message>
        <source>Twilio account</source>
        <translation>Twilio-Konto</translation>
    </message>
    <message>
        <source>Your number in the Twilio Console</source>
        <translation>Ihre Nummer in der Twilio Console</translation>
    </message>
    <message>
        <source>Account, Auth Token and a number or Messaging Service of the account. They are tried as soon as you go on; addresses at Twilio are entered for you.</source>
        <translation>Konto, Auth Token und eine Nummer oder ein Messaging Service des Kontos. Sie werden ausprobiert, sobald Sie weitergehen; Adressen bei Twilio werden für Sie eingetragen.</translation>
    </message>
    <message>
        <source>Open the Twilio Console</source>
        <translation>Twilio Console öffnen</translation>
    </message>
    <message>
        <source>The start page of the console shows Account SID and Auth Token under “Account Info”.</source>
        <translation>Die Startseite der Konsole zeigt Account SID und Auth Token unter „Account Info“.</translation>
    </message>
    <message>
        <source>Phone Numbers → Manage → Active numbers shows your numbers; Messaging → Services shows Messaging Services, Messaging → Senders those of WhatsApp.</source>
        <translation>Phone Numbers → Manage → Active numbers zeigt Ihre Nummern; Messaging → Services zeigt Messaging Services, Messaging → Senders die Absender von WhatsApp.</translation>
    </message>
    <message>
        <source>Secrets are kept encrypted. The Auth Token also checks every webhook, so that it is needed beside an API key, too.</source>
        <translation>Geheimnisse werden verschlüsselt aufbewahrt. Mit dem Auth Token wird auch jeder Webhook geprüft, daher wird es auch neben einem API-Schlüssel gebraucht.</translation>
    </message>
    <message>
        <source>With an API key, calls are made in its name; it can be taken back without changing the Auth Token.</source>
        <translation>Mit einem API-Schlüssel wird in seinem Namen aufgerufen; er lässt sich zurückziehen, ohne das Auth Token zu ändern.</translation>
    </message>
    <message>
        <source>Write to the number from another phone now. The message appears here as soon as it arrives; without a public address within a minute.</source>
        <translation>Schreiben Sie der Nummer jetzt von einem anderen Telefon. Die Nachricht erscheint hier, sobald sie ankommt; ohne öffentliche Adresse innerhalb einer Minute.</translation>
    </message>
    <message>
        <source>How the account is connected</source>
        <translation>Wie das Konto verbunden wird</translation>
    </message>
    <message>
        <source>By Instagram Login (recommended)</source>
        <translation>Über Instagram-Anmeldung (empfohlen)</translation>
    </message>
    <message>
        <source>Its owner agrees in the browser. A Facebook page is not needed.</source>
        <translation>Der Inhaber stimmt im Browser zu. Eine Facebook-Seite ist nicht nötig.</translation>
    </message>
    <message>
        <source>By the Facebook page it is linked to</source>
        <translation>Über die Facebook-Seite, mit der es verknüpft ist</translation>
    </message>
    <message>
        <source>With a token of the page, which does not end by time. For accounts and apps that are set up for Messenger already.</source>
        <translation>Mit einem Token der Seite, der nicht nach einer Zeit abläuft. Für Konten und Apps, die schon für Messenger eingerichtet sind.</translation>
    </message>
    <message>
        <source>The page that the account is linked to</source>
        <translation>Die Seite, mit der das Konto verknüpft ist</translation>
    </message>
    <message>
        <source>The page tells which Instagram account is linked to it. Page and token are tried as soon as you go on.</source>
        <translation>Die Seite sagt, welches Instagram-Konto mit ihr verknüpft ist. Seite und Token werden geprüft, sobald Sie weitergehen.</translation>
    </message>
    <message>
        <source>On Facebook, in the page&apos;s settings under Linked accounts → Instagram, look whether the account is linked; else link it there.</source>
        <translation>Sehen Sie auf Facebook in den Einstellungen der Seite unter „Verknüpfte Konten → Instagram“ nach, ob das Konto verknüpft ist; sonst verknüpfen Sie es dort.</translation>
    </message>
    <message>
        <source>Messenger → Instagram Settings: connect the page under “Generate access tokens” and agree to all that is asked; its ID stands below its name.</source>
        <translation>Messenger → Instagram Settings: Verbinden Sie die Seite unter „Generate access tokens“ und stimmen Sie allem zu, was gefragt wird; ihre ID steht unter ihrem Namen.</translation>
    </message>
    <message>
        <source>No Instagram account is linked to this page, Meta does not know the page, or the token is of another page.</source>
        <translation>Mit dieser Seite ist kein Instagram-Konto verknüpft, Meta kennt die Seite nicht, oder der Token gehört zu einer anderen Seite.</translation>
    </message>
    <message>
        <source>Meta does not accept this token. Generate a new one with the permissions instagram_basic, instagram_manage_messages, pages_manage_metadata and pages_messaging.</source>
        <translation>Meta nimmt diesen Token nicht an. Erzeugen Sie einen neuen mit den Berechtigungen instagram_basic, instagram_manage_messages, pages_manage_metadata und pages_messaging.</translation>
    </message>
    <message>
        <source>One app serves all Facebook pages of this workspace, for Messenger and for Instagram. What is entered already may stay.</source>
        <translation>Eine App genügt für alle Facebook-Seiten dieses Arbeitsbereichs, für Messenger und für Instagram. Was schon eingetragen ist, kann bleiben.</translation>
    </message>
    <message>
        <source>App settings → Basic shows the app ID and the app secret. Those of an Instagram app will not do.</source>
        <translation>App settings → Basic zeigt App-ID und App-Geheimnis. Die einer Instagram-App genügen nicht.</translation>
    </message>
    <message>
        <source>Messenger → Instagram Settings: under “Configure webhooks” paste both values and press “Verify and save”.</source>
        <translation>Messenger → Instagram Settings: Tragen Sie unter „Configure webhooks“ beide Werte ein und drücken Sie „Verify and save“.</translation>
    </message>
</context>
<context>
    <name>antiphon::ContactPanel</name>
    <message>
        <source>Open</source>
        <translation>Offen</translation>
    </message>
    <message>
        <source>Pending</source>
        <translation>Wartend</translation>
    </message>
    <message>
        <source>Snoozed</source>
        <translation>Zurückgestellt</translation>
    </message>
    <message>
        <source>Resolved</source>
        <translation>Abgeschlossen</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>Low</source>
        <translation>Niedrig</translation>
    </message>
    <message>
        <source>Medium</source>
        <translation>Mittel</translation>
    </message>
    <message>
        <source>High</source>
        <translation>Hoch</translation>
    </message>
    <message>
        <source>Urgent</source>
        <translation>Dringend</translation>
    </message>
    <message>
        <source>Close the contact panel</source>
        <translation>Kontaktleiste schließen</translation>
    </message>
    <message>
        <source>Contact</source>
        <translation>Kontakt</translation>
    </message>
    <message>
        <source>Conversation</source>
        <translation>Unterhaltung</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Assignee</source>
        <translation>Zugewiesen</translation>
    </message>
    <message>
        <source>Priority</source>
        <translation>Priorität</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Etiketten</translation>
    </message>
    <message>
        <source>Waiting since</source>
        <translation>Wartet seit</translation>
    </message>
    <message>
        <source>%1 on %2</source>
        <translation>%1 bei %2</translation>
    </message>
    <message>
        <source>Nobody</source>
        <translation>Niemand</translation>
    </message>
    <message>
        <source>nobody waits</source>
        <translation>niemand wartet</translation>
    </message>
</context>
<context>
    <name>antiphon::ContactText</name>
    <message>
        <source>Customer</source>
        <translation>Kunde</translation>
    </message>
</context>
<context>
    <name>antiphon::ConversationCard</name>
    <message>
        <source>closed</source>
        <translation>geschlossen</translation>
    </message>
    <message>
        <source>Draft</source>
        <translation>Entwurf</translation>
    </message>
    <message>
        <source>No messages</source>
        <translation>Keine Nachrichten</translation>
    </message>
    <message>
        <source>Not sent:</source>
        <translation>Nicht gesendet:</translation>
    </message>
    <message numerus="yes">
        <source>%n unread</source>
        <translation>
            <numerusform>%n ungelesen</numerusform>
            <numerusform>%n ungelesen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>antiphon::ConversationHeader</name>
    <message>
        <source>Back to the list</source>
        <translation>Zurück zur Liste</translation>
    </message>
    <message>
        <source>Resolve</source>
        <translation>Abschließen</translation>
    </message>
    <message>
        <source>Snooze and other states</source>
        <translation>Zurückstellen und andere Zustände</translation>
    </message>
    <message>
        <source>Contact panel</source>
        <translation>Kontaktleiste</translation>
    </message>
    <message>
        <source>More about this conversation</source>
        <translation>Mehr zu dieser Unterhaltung</translation>
    </message>
    <message>
        <source>Reopen</source>
        <translation>Wieder öffnen</translation>
    </message>
    <message>
        <source>for %1</source>
        <translation>für %1</translation>
    </message>
</context>
<context>
    <name>antiphon::ConversationListPane</name>
    <message>
        <source>Every state</source>
        <translation>Alle Zustände</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Offen</translation>
    </message>
    <message>
        <source>Pending</source>
        <translation>Wartend</translation>
    </message>
    <message>
        <source>Snoozed</source>
        <translation>Zurückgestellt</translation>
    </message>
    <message>
        <source>Resolved</source>
        <translation>Abgeschlossen</translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation>Unterhaltungen</translation>
    </message>
    <message>
        <source>Order of the list</source>
        <translation>Reihenfolge der Liste</translation>
    </message>
    <message>
        <source>Show the list</source>
        <translation>Liste zeigen</translation>
    </message>
    <message>
        <source>Newest activity</source>
        <translation>Letzte Aktivität</translation>
    </message>
    <message>
        <source>Window closing soonest</source>
        <translation>Fenster schließt zuerst</translation>
    </message>
    <message>
        <source>Waiting longest</source>
        <translation>Wartet am längsten</translation>
    </message>
    <message>
        <source>Priority</source>
        <translation>Priorität</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>Neueste zuerst</translation>
    </message>
    <message>
        <source>Whose conversations</source>
        <translation>Wessen Unterhaltungen</translation>
    </message>
    <message>
        <source>Mine</source>
        <translation>Meine</translation>
    </message>
    <message>
        <source>Unassigned</source>
        <translation>Nicht zugewiesen</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Conversation list</source>
        <translation>Liste der Unterhaltungen</translation>
    </message>
    <message>
        <source>Filter by state: %1</source>
        <translation>Nach Zustand filtern: %1</translation>
    </message>
    <message>
        <source>The list could not be read</source>
        <translation>Die Liste konnte nicht gelesen werden</translation>
    </message>
    <message>
        <source>Nothing is assigned to you</source>
        <translation>Ihnen ist nichts zugewiesen</translation>
    </message>
    <message>
        <source>No window closes soon</source>
        <translation>Kein Fenster schließt bald</translation>
    </message>
    <message>
        <source>Nothing matches this filter</source>
        <translation>Nichts entspricht diesem Filter</translation>
    </message>
    <message>
        <source>Clear filter</source>
        <translation>Filter aufheben</translation>
    </message>
    <message>
        <source>No conversations yet</source>
        <translation>Noch keine Unterhaltungen</translation>
    </message>
    <message>
        <source>They appear here when customers write to a connected channel.</source>
        <translation>Sie erscheinen hier, wenn Kunden einem verbundenen Kanal schreiben.</translation>
    </message>
    <message>
        <source>Answer these first</source>
        <translation>Zuerst beantworten</translation>
    </message>
    <message numerus="yes">
        <source>%n messages came while you were away</source>
        <translation>
            <numerusform>Eine Nachricht kam, während Sie weg waren</numerusform>
            <numerusform>%n Nachrichten kamen, während Sie weg waren</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>antiphon::ConversationMenus</name>
    <message>
        <source>Open</source>
        <translation>Offen</translation>
    </message>
    <message>
        <source>Pending</source>
        <translation>Wartend</translation>
    </message>
    <message>
        <source>Snoozed</source>
        <translation>Zurückgestellt</translation>
    </message>
    <message>
        <source>Resolved</source>
        <translation>Abgeschlossen</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>Low</source>
        <translation>Niedrig</translation>
    </message>
    <message>
        <source>Medium</source>
        <translation>Mittel</translation>
    </message>
    <message>
        <source>High</source>
        <translation>Hoch</translation>
    </message>
    <message>
        <source>Urgent</source>
        <translation>Dringend</translation>
    </message>
    <message>
        <source>Snooze until</source>
        <translation>Zurückstellen bis</translation>
    </message>
    <message>
        <source>The conversation comes back on:</source>
        <translation>Die Unterhaltung kommt wieder am:</translation>
    </message>
    <message>
        <source>Day and time</source>
        <translation>Tag und Uhrzeit</translation>
    </message>
    <message>
        <source>Resolve</source>
        <translation>Abschließen</translation>
    </message>
    <message>
        <source>Reopen</source>
        <translation>Wieder öffnen</translation>
    </message>
    <message>
        <source>Mark as pending</source>
        <translation>Als wartend markieren</translation>
    </message>
    <message>
        <source>Until the next message</source>
        <translation>Bis zur nächsten Nachricht</translation>
    </message>
    <message>
        <source>Until tomorrow, %1</source>
        <translation>Bis morgen, %1</translation>
    </message>
    <message>
        <source>Until Monday, %1</source>
        <translation>Bis Montag, %1</translation>
    </message>
    <message>
        <source>Choose day and time …</source>
        <translation>Tag und Uhrzeit wählen …</translation>
    </message>
    <message>
        <source>Me</source>
        <translation>Mir</translation>
    </message>
    <message>
        <source>Nobody</source>
        <translation>Niemand</translation>
    </message>
    <message>
        <source>This workspace has no labels yet</source>
        <translation>Dieser Arbeitsbereich hat noch keine Etiketten</translation>
    </message>
    <message>
        <source>Snooze</source>
        <translation>Zurückstellen</translation>
    </message>
    <message>
        <source>Assign to</source>
        <translation>Zuweisen</translation>
    </message>
    <message>
        <source>Priority</source>
        <translation>Priorität</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Etiketten</translation>
    </message>
    <message>
        <source>Mark as unread</source>
        <translation>Als ungelesen markieren</translation>
    </message>
    <message>
        <source>Block this customer?</source>
        <translation>Diesen Kunden blockieren?</translation>
    </message>
    <message>
        <source>The conversation is resolved. What the customer writes from now on is kept, in every inbox, but nobody is told of it. The customer doesn&apos;t learn of it, and you can take it back.</source>
        <translation>Die Unterhaltung wird abgeschlossen. Was der Kunde ab jetzt schreibt, wird in jedem Posteingang aufbewahrt, aber niemandem mehr gemeldet. Der Kunde erfährt davon nichts, und Sie können es zurücknehmen.</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>Blockieren</translation>
    </message>
    <message>
        <source>Unblock customer</source>
        <translation>Kunden nicht mehr blockieren</translation>
    </message>
    <message>
        <source>Block customer …</source>
        <translation>Kunden blockieren …</translation>
    </message>
</context>
<context>
    <name>antiphon::ConversationPane</name>
    <message>
        <source>Conversation</source>
        <translation>Unterhaltung</translation>
    </message>
    <message>
        <source>This inbox was taken away.</source>
        <translation>Dieser Posteingang wurde entfernt.</translation>
    </message>
    <message>
        <source>This inbox is switched off.</source>
        <translation>Dieser Posteingang ist ausgeschaltet.</translation>
    </message>
    <message>
        <source>The time for replies is over.</source>
        <translation>Die Zeit für Antworten ist vorbei.</translation>
    </message>
    <message>
        <source>You can answer once the customer has written.</source>
        <translation>Sie können antworten, sobald der Kunde geschrieben hat.</translation>
    </message>
    <message>
        <source>This inbox was taken away. What was written stays readable; nothing can be sent.</source>
        <translation>Dieser Posteingang wurde entfernt. Geschriebenes bleibt lesbar; senden ist nicht möglich.</translation>
    </message>
    <message>
        <source>This inbox is switched off: nothing is received and nothing can be sent.</source>
        <translation>Dieser Posteingang ist ausgeschaltet: Es wird nichts empfangen, und senden ist nicht möglich.</translation>
    </message>
    <message>
        <source>Inbox settings</source>
        <translation>Einstellungen des Posteingangs</translation>
    </message>
    <message>
        <source>%1 no longer accepts this connection. What you send waits until the inbox is reconnected.</source>
        <translation>%1 nimmt diese Verbindung nicht mehr an. Was Sie senden, wartet, bis der Posteingang neu verbunden ist.</translation>
    </message>
    <message>
        <source>Reconnect</source>
        <translation>Neu verbinden</translation>
    </message>
    <message>
        <source>%1 policy</source>
        <translation>Regeln von %1</translation>
    </message>
    <message>
        <source>%1 is writing a note</source>
        <translation>%1 schreibt eine Notiz</translation>
    </message>
    <message>
        <source>%1 is writing a reply</source>
        <translation>%1 schreibt eine Antwort</translation>
    </message>
    <message>
        <source>Delete this message?</source>
        <translation>Diese Nachricht löschen?</translation>
    </message>
    <message>
        <source>It never left this computer and can&apos;t be brought back.</source>
        <translation>Sie hat diesen Rechner nie verlassen und lässt sich nicht zurückholen.</translation>
    </message>
    <message>
        <source>It is deleted in this inbox for the whole team. The customer keeps what was delivered to them.</source>
        <translation>Sie wird in diesem Posteingang für das ganze Team gelöscht. Der Kunde behält, was ihm zugestellt wurde.</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Save file</source>
        <translation>Datei speichern</translation>
    </message>
    <message>
        <source>The last message may have arrived. Look at it, then choose “Send again”.</source>
        <translation>Die letzte Nachricht ist vielleicht angekommen. Sehen Sie nach und wählen Sie dann „Erneut senden“.</translation>
    </message>
    <message>
        <source>Nothing has failed in this conversation.</source>
        <translation>In dieser Unterhaltung ist nichts gescheitert.</translation>
    </message>
    <message>
        <source>Snooze</source>
        <translation>Zurückstellen</translation>
    </message>
    <message>
        <source>Another program handles this conversation.</source>
        <translation>Ein anderes Programm bearbeitet diese Unterhaltung.</translation>
    </message>
    <message>
        <source>Another program handles this conversation at %1 now. You can answer once it is handed back.</source>
        <translation>Ein anderes Programm bearbeitet diese Unterhaltung jetzt bei %1. Sie können antworten, sobald sie zurückgegeben wird.</translation>
    </message>
    <message>
        <source>Choose template</source>
        <translation>Vorlage wählen</translation>
    </message>
    <message>
        <source>The customer has not written yet. Only an approved template can be sent now.</source>
        <translation>Der Kunde hat noch nicht geschrieben. Jetzt kann nur eine genehmigte Vorlage gesendet werden.</translation>
    </message>
    <message>
        <source>This customer is blocked: what they write is kept here, and nobody is told of it.</source>
        <translation>Dieser Kunde ist blockiert: Was er schreibt, wird hier aufbewahrt und niemandem gemeldet.</translation>
    </message>
    <message>
        <source>Unblock</source>
        <translation>Nicht mehr blockieren</translation>
    </message>
    <message>
        <source>This customer writes more than 60 messages a minute. All are kept, but nobody is notified of them.</source>
        <translation>Dieser Kunde schreibt mehr als 60 Nachrichten in der Minute. Alle werden aufbewahrt, aber nicht gemeldet.</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>Blockieren</translation>
    </message>
</context>
<context>
    <name>antiphon::ConversationView</name>
    <message>
        <source>Send again?</source>
        <translation>Erneut senden?</translation>
    </message>
    <message>
        <source>It may have been sent. If it was, the customer receives it twice.
Check the phone first.</source>
        <translation>Sie wurde vielleicht gesendet. Dann bekommt der Kunde sie doppelt.
Sehen Sie zuerst auf dem Telefon nach.</translation>
    </message>
    <message>
        <source>Send again</source>
        <translation>Erneut senden</translation>
    </message>
    <message>
        <source>Copy selection</source>
        <translation>Auswahl kopieren</translation>
    </message>
    <message>
        <source>Copy message</source>
        <translation>Nachricht kopieren</translation>
    </message>
    <message>
        <source>Copy link to %1</source>
        <translation>Link zu %1 kopieren</translation>
    </message>
    <message>
        <source>Reply to this message</source>
        <translation>Auf diese Nachricht antworten</translation>
    </message>
    <message>
        <source>Delete …</source>
        <translation>Löschen …</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Nachrichten</translation>
    </message>
    <message>
        <source>%1 app</source>
        <translation>%1-App</translation>
    </message>
    <message>
        <source>%1, %2: %3</source>
        <translation>%1, %2: %3</translation>
    </message>
    <message>
        <source>Not sent.</source>
        <translation>Nicht gesendet.</translation>
    </message>
    <message>
        <source>Heart</source>
        <translation>Herz</translation>
    </message>
    <message>
        <source>Thumbs up</source>
        <translation>Daumen hoch</translation>
    </message>
    <message>
        <source>Laughing</source>
        <translation>Lachen</translation>
    </message>
    <message>
        <source>Astonished</source>
        <translation>Staunen</translation>
    </message>
    <message>
        <source>Sad</source>
        <translation>Traurig</translation>
    </message>
    <message>
        <source>Thanks</source>
        <translation>Danke</translation>
    </message>
    <message>
        <source>React</source>
        <translation>Reagieren</translation>
    </message>
    <message>
        <source>Take the reaction back</source>
        <translation>Reaktion zurücknehmen</translation>
    </message>
    <message numerus="yes">
        <source>One of %n in an album</source>
        <translation>
            <numerusform>Eins von %n im Album</numerusform>
            <numerusform>Eins von %n im Album</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>antiphon::CopyRow</name>
    <message>
        <source>Copy %1</source>
        <translation>%1 kopieren</translation>
    </message>
</context>
<context>
    <name>antiphon::Diagnosis</name>
    <message>
        <source>Switched off</source>
        <translation>Ausgeschaltet</translation>
    </message>
    <message>
        <source>Must be reconnected</source>
        <translation>Muss neu verbunden werden</translation>
    </message>
    <message>
        <source>Not known yet</source>
        <translation>Noch nicht bekannt</translation>
    </message>
    <message numerus="yes">
        <source>%n not processed</source>
        <translation>
            <numerusform>%n nicht verarbeitet</numerusform>
            <numerusform>%n nicht verarbeitet</numerusform>
        </translation>
    </message>
    <message>
        <source>Behind by %1</source>
        <translation>%1 im Rückstand</translation>
    </message>
    <message>
        <source>Quiet for %1</source>
        <translation>Still seit %1</translation>
    </message>
    <message>
        <source>Access ends soon</source>
        <translation>Zugang endet bald</translation>
    </message>
    <message>
        <source>Nothing received yet</source>
        <translation>Noch nichts empfangen</translation>
    </message>
    <message>
        <source>Receiving</source>
        <translation>Empfängt</translation>
    </message>
    <message>
        <source>Messages can&apos;t be stored. Platforms are asked to deliver them again.</source>
        <translation>Nachrichten können nicht gespeichert werden. Die Plattformen werden gebeten, sie erneut zuzustellen.</translation>
    </message>
    <message>
        <source>%1 receives nothing: it must be reconnected.</source>
        <translation>%1 empfängt nichts: Der Posteingang muss neu verbunden werden.</translation>
    </message>
    <message>
        <source>The public address leads nowhere: platforms can&apos;t deliver.</source>
        <translation>Die öffentliche Adresse führt ins Leere: Plattformen können nicht zustellen.</translation>
    </message>
    <message numerus="yes">
        <source>%n incoming event(s) could not be processed and wait for a decision below.</source>
        <translation>
            <numerusform>%n eingegangenes Ereignis konnte nicht verarbeitet werden und wartet unten auf eine Entscheidung.</numerusform>
            <numerusform>%n eingegangene Ereignisse konnten nicht verarbeitet werden und warten unten auf eine Entscheidung.</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 has been quiet for %2; usually something arrives every %3.</source>
        <translation>%1 ist seit %2 still; üblich ist etwas alle %3.</translation>
    </message>
    <message>
        <source>The server&apos;s clock is wrong by %1.</source>
        <translation>Die Uhr des Servers geht um %1 falsch.</translation>
    </message>
    <message>
        <source>The server&apos;s disk is nearly full: %1 are free.</source>
        <translation>Die Festplatte des Servers ist fast voll: %1 sind frei.</translation>
    </message>
    <message>
        <source>No inbox is connected yet.</source>
        <translation>Noch ist kein Posteingang verbunden.</translation>
    </message>
    <message>
        <source>All is well: every inbox receives, nothing waits, and nothing was lost.</source>
        <translation>Alles in Ordnung: Jeder Posteingang empfängt, nichts wartet, und nichts ging verloren.</translation>
    </message>
    <message>
        <source>every %1</source>
        <translation>alle %1</translation>
    </message>
    <message>
        <source>not known yet</source>
        <translation>noch nicht bekannt</translation>
    </message>
    <message>
        <source>No end date</source>
        <translation>Ohne Ende</translation>
    </message>
    <message>
        <source>Over</source>
        <translation>Abgelaufen</translation>
    </message>
    <message numerus="yes">
        <source>%n days left</source>
        <translation>
            <numerusform>noch %n Tag</numerusform>
            <numerusform>noch %n Tage</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>noch %1</translation>
    </message>
    <message>
        <source>Proved at %1</source>
        <translation>Bewiesen um %1</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>Läuft</translation>
    </message>
    <message>
        <source>Starting …</source>
        <translation>Startet …</translation>
    </message>
    <message>
        <source>Leads nowhere</source>
        <translation>Führt ins Leere</translation>
    </message>
    <message>
        <source>None, messages are fetched</source>
        <translation>Keine, Nachrichten werden abgeholt</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>Antiphon was not running</source>
        <translation>Antiphon lief nicht</translation>
    </message>
    <message>
        <source>Antiphon ended unexpectedly</source>
        <translation>Antiphon endete unerwartet</translation>
    </message>
    <message>
        <source>The computer slept</source>
        <translation>Der Computer schlief</translation>
    </message>
    <message>
        <source>No network</source>
        <translation>Kein Netz</translation>
    </message>
    <message>
        <source>The public address led nowhere</source>
        <translation>Die öffentliche Adresse führte ins Leere</translation>
    </message>
    <message>
        <source>The keychain was locked</source>
        <translation>Der Schlüsselbund war gesperrt</translation>
    </message>
    <message>
        <source>Put back from a copy</source>
        <translation>Aus einer Kopie wiederhergestellt</translation>
    </message>
    <message>
        <source>Asked for</source>
        <translation>Verlangt</translation>
    </message>
    <message>
        <source>Catching up …</source>
        <translation>Wird nachgeholt …</translation>
    </message>
    <message>
        <source>Still away</source>
        <translation>Noch abwesend</translation>
    </message>
    <message numerus="yes">
        <source>%n fetched, complete</source>
        <translation>
            <numerusform>%n geholt, vollständig</numerusform>
            <numerusform>%n geholt, vollständig</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing was missed</source>
        <translation>Nichts verpasst</translation>
    </message>
    <message numerus="yes">
        <source>%n fetched, may be incomplete</source>
        <translation>
            <numerusform>%n geholt, vielleicht unvollständig</numerusform>
            <numerusform>%n geholt, vielleicht unvollständig</numerusform>
        </translation>
    </message>
    <message>
        <source>Can&apos;t be fetched</source>
        <translation>Kann nicht geholt werden</translation>
    </message>
    <message numerus="yes">
        <source>Only the %1 newest messages of a conversation can be fetched; older ones may be missing in %n conversation(s).</source>
        <translation>
            <numerusform>Nur die %1 neuesten Nachrichten einer Unterhaltung können geholt werden; ältere fehlen vielleicht in %n Unterhaltung.</numerusform>
            <numerusform>Nur die %1 neuesten Nachrichten einer Unterhaltung können geholt werden; ältere fehlen vielleicht in %n Unterhaltungen.</numerusform>
        </translation>
    </message>
    <message>
        <source>The platform lists %1 conversations; further ones may be missing.</source>
        <translation>Die Plattform nennt %1 Unterhaltungen; weitere fehlen vielleicht.</translation>
    </message>
    <message numerus="yes">
        <source>The platform keeps messages for %n days.</source>
        <translation>
            <numerusform>Die Plattform bewahrt Nachrichten %n Tag auf.</numerusform>
            <numerusform>Die Plattform bewahrt Nachrichten %n Tage auf.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n conversation(s) could not be read.</source>
        <translation>
            <numerusform>%n Unterhaltung konnte nicht gelesen werden.</numerusform>
            <numerusform>%n Unterhaltungen konnten nicht gelesen werden.</numerusform>
        </translation>
    </message>
    <message>
        <source>The platform has no history and delivers again by itself.</source>
        <translation>Die Plattform hat keinen Verlauf und stellt von selbst erneut zu.</translation>
    </message>
    <message>
        <source>The platform had its time to deliver again; something may be missing.</source>
        <translation>Die Plattform hatte ihre Zeit, erneut zuzustellen; vielleicht fehlt etwas.</translation>
    </message>
    <message>
        <source>The platform has no history.</source>
        <translation>Die Plattform hat keinen Verlauf.</translation>
    </message>
    <message>
        <source>Waits until the inbox is reconnected.</source>
        <translation>Wartet, bis der Posteingang neu verbunden ist.</translation>
    </message>
    <message>
        <source>The platform can&apos;t be reached; it will be tried again.</source>
        <translation>Die Plattform ist nicht erreichbar; es wird erneut versucht.</translation>
    </message>
    <message>
        <source>The platform refuses its lists.</source>
        <translation>Die Plattform verweigert ihre Listen.</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 bis %2</translation>
    </message>
    <message>
        <source>since %1</source>
        <translation>seit %1</translation>
    </message>
    <message>
        <source>Whole delivery</source>
        <translation>Ganze Zustellung</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Nachricht</translation>
    </message>
    <message>
        <source>Message from the platform&apos;s app</source>
        <translation>Nachricht aus der App der Plattform</translation>
    </message>
    <message>
        <source>Reaction</source>
        <translation>Reaktion</translation>
    </message>
    <message>
        <source>Read receipt</source>
        <translation>Lesebestätigung</translation>
    </message>
    <message>
        <source>Referral</source>
        <translation>Empfehlung</translation>
    </message>
    <message>
        <source>The signature is wrong</source>
        <translation>Die Unterschrift ist falsch</translation>
    </message>
    <message>
        <source>No application is entered for this platform</source>
        <translation>Für diese Plattform ist keine Anwendung eingetragen</translation>
    </message>
</context>
<context>
    <name>antiphon::DiagnosisPage</name>
    <message>
        <source>Inbox</source>
        <translation>Posteingang</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Last event</source>
        <translation>Letztes Ereignis</translation>
    </message>
    <message>
        <source>Usually</source>
        <translation>Üblich</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>Empfangen</translation>
    </message>
    <message>
        <source>Duplicates</source>
        <translation>Doppelte</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartend</translation>
    </message>
    <message>
        <source>Set aside</source>
        <translation>Beiseite</translation>
    </message>
    <message>
        <source>Found later</source>
        <translation>Später gefunden</translation>
    </message>
    <message>
        <source>Acknowledged</source>
        <translation>Bestätigt</translation>
    </message>
    <message>
        <source>Access</source>
        <translation>Zugang</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>How many</source>
        <translation>Anzahl</translation>
    </message>
    <message>
        <source>Newest</source>
        <translation>Neuestes</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Tries</source>
        <translation>Versuche</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Wann</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Warum</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Thread</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Waits for</source>
        <translation>Wartet seit</translation>
    </message>
    <message>
        <source>Diagnosis</source>
        <translation>Diagnose</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>Erneut ansehen</translation>
    </message>
    <message>
        <source>Close the diagnosis</source>
        <translation>Diagnose schließen</translation>
    </message>
    <message>
        <source>Inboxes</source>
        <translation>Posteingänge</translation>
    </message>
    <message>
        <source>No inbox is connected yet.</source>
        <translation>Noch ist kein Posteingang verbunden.</translation>
    </message>
    <message>
        <source>Could not be processed</source>
        <translation>Konnte nicht verarbeitet werden</translation>
    </message>
    <message>
        <source>Nothing. Whatever can&apos;t be read is set aside here with its reason, and nothing waits behind it.</source>
        <translation>Nichts. Was nicht gelesen werden kann, wird hier mit seinem Grund beiseitegelegt, und nichts wartet dahinter.</translation>
    </message>
    <message>
        <source>One by one</source>
        <translation>Einzeln</translation>
    </message>
    <message>
        <source>While nobody was there</source>
        <translation>Während niemand da war</translation>
    </message>
    <message>
        <source>Antiphon has not been away.</source>
        <translation>Antiphon war nicht abwesend.</translation>
    </message>
    <message>
        <source>Refused requests</source>
        <translation>Abgewiesene Anfragen</translation>
    </message>
    <message>
        <source>None since the start. Only requests that a platform has signed are taken.</source>
        <translation>Keine seit dem Start. Nur von einer Plattform unterschriebene Anfragen werden angenommen.</translation>
    </message>
    <message>
        <source>Threads that wait longest</source>
        <translation>Am längsten wartende Verläufe</translation>
    </message>
    <message>
        <source>None waits.</source>
        <translation>Keiner wartet.</translation>
    </message>
    <message>
        <source>Acknowledged after</source>
        <translation>Bestätigt nach</translation>
    </message>
    <message>
        <source>Lost, found later</source>
        <translation>Verloren, später gefunden</translation>
    </message>
    <message>
        <source>Not processed</source>
        <translation>Nicht verarbeitet</translation>
    </message>
    <message>
        <source>Public address</source>
        <translation>Öffentliche Adresse</translation>
    </message>
    <message>
        <source>Clock</source>
        <translation>Uhr</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>Festplatte</translation>
    </message>
    <message>
        <source>Log on the disk</source>
        <translation>Protokoll auf der Platte</translation>
    </message>
    <message>
        <source>Longest write</source>
        <translation>Längster Schreibvorgang</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Try all with this reason</source>
        <translation>Alle mit diesem Grund erneut versuchen</translation>
    </message>
    <message>
        <source>Discard …</source>
        <translation>Verwerfen …</translation>
    </message>
    <message>
        <source>Copy masked content</source>
        <translation>Unkenntlichen Inhalt kopieren</translation>
    </message>
    <message>
        <source>Open conversation</source>
        <translation>Unterhaltung öffnen</translation>
    </message>
    <message>
        <source>Export for a bug report …</source>
        <translation>Für einen Fehlerbericht ausgeben …</translation>
    </message>
    <message>
        <source>as of %1</source>
        <translation>Stand %1</translation>
    </message>
    <message>
        <source>No reason given</source>
        <translation>Kein Grund genannt</translation>
    </message>
    <message>
        <source>%1, p99 %2</source>
        <translation>%1, p99 %2</translation>
    </message>
    <message>
        <source>%1 s off</source>
        <translation>%1 s daneben</translation>
    </message>
    <message>
        <source>%1, %2 parked</source>
        <translation>%1, %2 zurückgestellt</translation>
    </message>
    <message>
        <source>%1 free</source>
        <translation>%1 frei</translation>
    </message>
    <message>
        <source>%1, %2 a batch</source>
        <translation>%1, %2 je Bündel</translation>
    </message>
    <message>
        <source>Choose a line first.</source>
        <translation>Wählen Sie zuerst eine Zeile.</translation>
    </message>
    <message>
        <source>Choose a reason or a line first.</source>
        <translation>Wählen Sie zuerst einen Grund oder eine Zeile.</translation>
    </message>
    <message>
        <source>Deleted inbox</source>
        <translation>Gelöschter Posteingang</translation>
    </message>
    <message>
        <source>It is being tried again.</source>
        <translation>Es wird erneut versucht.</translation>
    </message>
    <message numerus="yes">
        <source>%n are being tried again.</source>
        <translation>
            <numerusform>%n wird erneut versucht.</numerusform>
            <numerusform>%n werden erneut versucht.</numerusform>
        </translation>
    </message>
    <message>
        <source>Discard this event?</source>
        <translation>Dieses Ereignis verwerfen?</translation>
    </message>
    <message>
        <source>It never becomes a message, even if the platform delivers it again. This can&apos;t be undone.</source>
        <translation>Es wird nie zu einer Nachricht, auch wenn die Plattform es erneut zustellt. Das lässt sich nicht rückgängig machen.</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>It is discarded.</source>
        <translation>Es ist verworfen.</translation>
    </message>
    <message>
        <source>Its content is no longer kept.</source>
        <translation>Sein Inhalt wird nicht mehr aufbewahrt.</translation>
    </message>
    <message>
        <source>Copied, with texts, names and numbers masked.</source>
        <translation>Kopiert; Texte, Namen und Nummern sind unkenntlich gemacht.</translation>
    </message>
    <message>
        <source>It is not known whose it is.</source>
        <translation>Es ist nicht bekannt, von wem es ist.</translation>
    </message>
    <message>
        <source>Export for a bug report</source>
        <translation>Für einen Fehlerbericht ausgeben</translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <source>Saved, with secrets, names, numbers and texts masked.</source>
        <translation>Gespeichert; Geheimnisse, Namen, Nummern und Texte sind unkenntlich gemacht.</translation>
    </message>
    <message>
        <source>The file could not be saved: %1</source>
        <translation>Die Datei konnte nicht gespeichert werden: %1</translation>
    </message>
    <message>
        <source>Jobs past their lease</source>
        <translation>Aufträge mit abgelaufener Frist</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>nicht gemessen</translation>
    </message>
</context>
<context>
    <name>antiphon::ErrorText</name>
    <message>
        <source>The reply window is closed; it opens when the customer writes again.</source>
        <translation>Das Antwortfenster ist geschlossen; es öffnet sich, wenn der Kunde wieder schreibt.</translation>
    </message>
    <message>
        <source>%1 allows no more replies for now.</source>
        <translation>%1 erlaubt vorerst keine weiteren Antworten.</translation>
    </message>
    <message>
        <source>%1 does not permit this account to send it.</source>
        <translation>%1 erlaubt diesem Konto nicht, das zu senden.</translation>
    </message>
    <message>
        <source>%1 can&apos;t reach this customer.</source>
        <translation>%1 kann diesen Kunden nicht erreichen.</translation>
    </message>
    <message>
        <source>The customer does not want to receive this kind of message.</source>
        <translation>Der Kunde möchte solche Nachrichten nicht bekommen.</translation>
    </message>
    <message>
        <source>%1 does not take this content.</source>
        <translation>%1 nimmt diesen Inhalt nicht an.</translation>
    </message>
    <message>
        <source>%1 did not take the file.</source>
        <translation>%1 hat die Datei nicht angenommen.</translation>
    </message>
    <message>
        <source>%1 does not know the template in this form.</source>
        <translation>%1 kennt die Vorlage in dieser Form nicht.</translation>
    </message>
    <message>
        <source>%1 does not accept this account; check the inbox&apos;s connection.</source>
        <translation>%1 nimmt dieses Konto nicht an; prüfen Sie die Verbindung des Posteingangs.</translation>
    </message>
    <message>
        <source>%1 asked to send more slowly.</source>
        <translation>%1 bittet, langsamer zu senden.</translation>
    </message>
    <message>
        <source>The connection broke before the message left.</source>
        <translation>Die Verbindung brach ab, bevor die Nachricht hinausging.</translation>
    </message>
    <message>
        <source>%1 held it back as unwanted.</source>
        <translation>%1 hat sie als unerwünscht zurückgehalten.</translation>
    </message>
    <message>
        <source>%1 asks for a payment method first.</source>
        <translation>%1 verlangt zuerst eine Zahlungsart.</translation>
    </message>
    <message>
        <source>%1 had trouble and did not take it.</source>
        <translation>%1 hatte eine Störung und hat sie nicht angenommen.</translation>
    </message>
    <message>
        <source>The connection broke. It comes back by itself; then try again.</source>
        <translation>Die Verbindung ist abgebrochen. Sie kommt von selbst wieder; versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>There was no answer in time. Try again.</source>
        <translation>Es kam nicht rechtzeitig eine Antwort. Versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>Too much at once. Try again in a moment.</source>
        <translation>Zu viel auf einmal. Versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
        <source>The access is not accepted. Check the token or connect again.</source>
        <translation>Der Zugang wird nicht angenommen. Prüfen Sie den Schlüssel oder verbinden Sie neu.</translation>
    </message>
    <message>
        <source>You are not permitted to do this.</source>
        <translation>Dazu sind Sie nicht berechtigt.</translation>
    </message>
    <message>
        <source>The answer could not be read. Both sides may be of different versions.</source>
        <translation>Die Antwort war nicht lesbar. Vielleicht sind beide Seiten verschiedener Version.</translation>
    </message>
    <message>
        <source>Something in the input is not right.</source>
        <translation>Etwas in der Eingabe stimmt nicht.</translation>
    </message>
    <message>
        <source>It is no longer there.</source>
        <translation>Es ist nicht mehr da.</translation>
    </message>
    <message>
        <source>It has changed meanwhile. Look again, then repeat.</source>
        <translation>Es hat sich inzwischen geändert. Sehen Sie noch einmal nach und wiederholen Sie es dann.</translation>
    </message>
    <message>
        <source>The channel does not take this: too long, too large or not possible there.</source>
        <translation>Der Kanal nimmt das nicht an: zu lang, zu groß oder dort nicht möglich.</translation>
    </message>
    <message>
        <source>It may have been sent.</source>
        <translation>Vielleicht wurde sie gesendet.</translation>
    </message>
    <message>
        <source>Not connected to the server at the moment.</source>
        <translation>Zurzeit nicht mit dem Server verbunden.</translation>
    </message>
    <message>
        <source>The server could not save it. Check the free disk space.</source>
        <translation>Der Server konnte es nicht speichern. Prüfen Sie den freien Speicherplatz.</translation>
    </message>
    <message>
        <source>It was cancelled.</source>
        <translation>Es wurde abgebrochen.</translation>
    </message>
    <message>
        <source>The answer of %1 did not arrive. Check the phone before sending it again.</source>
        <translation>Die Antwort von %1 kam nicht an. Sehen Sie auf dem Telefon nach, bevor Sie erneut senden.</translation>
    </message>
    <message>
        <source>TikTok refused it: perhaps the link, or no replies left in this window.</source>
        <translation>TikTok hat sie abgelehnt: vielleicht wegen des Links, oder in diesem Fenster sind keine Antworten mehr frei.</translation>
    </message>
    <message>
        <source>%1 refused it.</source>
        <translation>%1 hat sie abgelehnt.</translation>
    </message>
    <message>
        <source>No reason was given.</source>
        <translation>Ein Grund wurde nicht genannt.</translation>
    </message>
    <message>
        <source>Part %1 of %2</source>
        <translation>Teil %1 von %2</translation>
    </message>
    <message>
        <source>%1 said: %2</source>
        <translation>%1 sagte: %2</translation>
    </message>
    <message>
        <source>Code: %1</source>
        <translation>Code: %1</translation>
    </message>
    <message>
        <source>Message id: %1</source>
        <translation>Kennung der Nachricht: %1</translation>
    </message>
    <message>
        <source>Time: %1</source>
        <translation>Zeit: %1</translation>
    </message>
    <message>
        <source>This is not a picture that can be sent here.</source>
        <translation>Das ist kein Bild, das hier gesendet werden kann.</translation>
    </message>
    <message>
        <source>The channel does not take files of this kind.</source>
        <translation>Der Kanal nimmt Dateien dieser Art nicht an.</translation>
    </message>
    <message>
        <source>The file is too large for the channel.</source>
        <translation>Die Datei ist für den Kanal zu groß.</translation>
    </message>
</context>
<context>
    <name>antiphon::FieldRow</name>
    <message>
        <source>Stored; leave empty to keep it</source>
        <translation>Gespeichert; leer lassen, um es zu behalten</translation>
    </message>
    <message>
        <source>This is needed.</source>
        <translation>Das wird gebraucht.</translation>
    </message>
    <message>
        <source>May stay empty</source>
        <translation>Darf leer bleiben</translation>
    </message>
</context>
<context>
    <name>antiphon::FirstChannels</name>
    <message>
        <source>Connect %1</source>
        <translation>%1 verbinden</translation>
    </message>
    <message>
        <source>Connect your first channel</source>
        <translation>Verbinden Sie Ihren ersten Kanal</translation>
    </message>
    <message>
        <source>The assistant shows what to enter where, and waits for one real message to prove that it works.</source>
        <translation>Der Assistent zeigt, was wo einzutragen ist, und wartet auf eine echte Nachricht als Beweis, dass alles funktioniert.</translation>
    </message>
    <message>
        <source>Connect a channel</source>
        <translation>Kanal verbinden</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Nicht jetzt</translation>
    </message>
</context>
<context>
    <name>antiphon::GapStrip</name>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>%1: %2. %3</source>
        <translation>%1: %2. %3</translation>
    </message>
    <message>
        <source>Catching up: %1 …</source>
        <translation>Wird nachgeholt: %1 …</translation>
    </message>
</context>
<context>
    <name>antiphon::ImageViewer</name>
    <message>
        <source>Previous picture</source>
        <translation>Voriges Bild</translation>
    </message>
    <message>
        <source>Next picture</source>
        <translation>Nächstes Bild</translation>
    </message>
    <message>
        <source>Save picture</source>
        <translation>Bild speichern</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Photo</source>
        <translation>Foto</translation>
    </message>
    <message>
        <source>%1 (%2 of %3)</source>
        <translation>%1 (%2 von %3)</translation>
    </message>
    <message>
        <source>Image not available</source>
        <translation>Bild nicht verfügbar</translation>
    </message>
    <message>
        <source>Loading …</source>
        <translation>Wird geladen …</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>antiphon::ImportStrip</name>
    <message>
        <source>%1: older messages, %2</source>
        <translation>%1: ältere Nachrichten, %2</translation>
    </message>
</context>
<context>
    <name>antiphon::InboxCard</name>
    <message>
        <source>Check</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Reconnect</source>
        <translation>Neu verbinden</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Delete …</source>
        <translation>Löschen …</translation>
    </message>
    <message>
        <source>delivered by webhook</source>
        <translation>per Webhook zugestellt</translation>
    </message>
    <message>
        <source>fetched regularly</source>
        <translation>regelmäßig abgeholt</translation>
    </message>
    <message>
        <source>by webhook and fetched</source>
        <translation>per Webhook und abgeholt</translation>
    </message>
    <message>
        <source>Connected</source>
        <translation>Verbunden</translation>
    </message>
    <message>
        <source>Must be reconnected</source>
        <translation>Muss neu verbunden werden</translation>
    </message>
    <message>
        <source>Switched off</source>
        <translation>Ausgeschaltet</translation>
    </message>
    <message>
        <source>Switch on</source>
        <translation>Einschalten</translation>
    </message>
    <message>
        <source>Switch off</source>
        <translation>Ausschalten</translation>
    </message>
    <message>
        <source>Asking the platform …</source>
        <translation>Die Plattform wird gefragt …</translation>
    </message>
    <message>
        <source>A customer wrote whom this inbox can&apos;t read: TikTok gives no messages of customers in the EEA, Switzerland and the UK to other programs. Answer them in the TikTok app.</source>
        <translation>Ein Kunde hat geschrieben, dessen Nachrichten dieser Posteingang nicht lesen kann: TikTok gibt Nachrichten von Kunden im EWR, der Schweiz und dem Vereinigten Königreich nicht an andere Programme. Antworten Sie in der TikTok-App.</translation>
    </message>
    <message>
        <source>Several messages were found only by asking: webhooks get lost on their way here. Check the public address under “Public address”, and the webhook in the platform&apos;s settings.</source>
        <translation>Mehrere Nachrichten wurden nur durch Nachfragen gefunden: Webhooks gehen auf dem Weg hierher verloren. Prüfen Sie die Adresse unter „Öffentliche Adresse“ und den Webhook in den Einstellungen der Plattform.</translation>
    </message>
    <message>
        <source>The platform does not bring this inbox&apos;s messages here. “Check” says why; it is tried again every few minutes.</source>
        <translation>Die Plattform bringt die Nachrichten dieses Posteingangs nicht hierher. „Prüfen“ sagt, warum; es wird alle paar Minuten erneut versucht.</translation>
    </message>
    <message>
        <source>This inbox lives by webhooks, and there is no public address for them yet. Set one up under “Public address”.</source>
        <translation>Dieser Posteingang lebt von Webhooks, und für sie gibt es noch keine öffentliche Adresse. Richten Sie unter „Öffentliche Adresse“ eine ein.</translation>
    </message>
    <message>
        <source>The access to this account ends within a week and could not be renewed. Connect it anew if it stays so.</source>
        <translation>Der Zugang zu diesem Konto endet innerhalb einer Woche und ließ sich nicht erneuern. Verbinden Sie es neu, wenn das so bleibt.</translation>
    </message>
    <message>
        <source>The platform reports: %1</source>
        <translation>Die Plattform meldet: %1</translation>
    </message>
    <message>
        <source>The owner of the number did not share the older messages.</source>
        <translation>Der Inhaber der Nummer hat die älteren Nachrichten nicht freigegeben.</translation>
    </message>
    <message>
        <source>The older messages are all here.</source>
        <translation>Die älteren Nachrichten sind alle da.</translation>
    </message>
    <message>
        <source>Older messages are coming in, %1 %</source>
        <translation>Ältere Nachrichten kommen herein, %1 %</translation>
    </message>
    <message>
        <source>Take the delivery over …</source>
        <translation>Zustellung übernehmen …</translation>
    </message>
    <message>
        <source>Bring contacts and history from the phone</source>
        <translation>Kontakte und Verlauf vom Telefon holen</translation>
    </message>
    <message>
        <source>Another program fetches this account&apos;s messages, so that none come here. Stop that program, or connect another bot; it is tried again every minute.</source>
        <translation>Ein anderes Programm holt die Nachrichten dieses Kontos ab, sodass hier keine ankommen. Beenden Sie jenes Programm, oder verbinden Sie einen anderen Bot; es wird jede Minute wieder versucht.</translation>
    </message>
    <message>
        <source>The month&apos;s allowance of messages is used up. Answers right after a customer&apos;s message still leave; others are refused until next month.</source>
        <translation>Das Nachrichtenkontingent des Monats ist aufgebraucht. Antworten gleich nach einer Nachricht des Kunden gehen noch hinaus; andere werden bis zum nächsten Monat abgelehnt.</translation>
    </message>
    <message>
        <source>The month&apos;s allowance of messages is nearly used up. Answers right after a customer&apos;s message cost none of it.</source>
        <translation>Das Nachrichtenkontingent des Monats ist fast aufgebraucht. Antworten gleich nach einer Nachricht des Kunden kosten nichts davon.</translation>
    </message>
    <message>
        <source>Messages wait at the platform because it can&apos;t deliver them here. Check the public address under “Public address”.</source>
        <translation>Bei der Plattform warten Nachrichten, weil sie hier nicht zugestellt werden können. Prüfen Sie die öffentliche Adresse unter „Öffentliche Adresse“.</translation>
    </message>
    <message>
        <source>the older messages</source>
        <translation>den älteren Nachrichten</translation>
    </message>
    <message>
        <source>the contacts</source>
        <translation>den Kontakten</translation>
    </message>
    <message>
        <source>The phone is being asked for %1.</source>
        <translation>Das Telefon wird nach %1 gefragt.</translation>
    </message>
    <message>
        <source>WhatsApp does not bring %1: %2</source>
        <translation>WhatsApp gibt nichts von %1 her: %2</translation>
    </message>
    <message>
        <source>Whether the phone was asked for %1 is not known: the answer got lost.</source>
        <translation>Ob das Telefon nach %1 gefragt wurde, ist nicht bekannt: Die Antwort ging verloren.</translation>
    </message>
    <message>
        <source>Take the delivery over?</source>
        <translation>Zustellung übernehmen?</translation>
    </message>
    <message>
        <source>The messages of “%1” go to %2 now. If they come here, that installation gets none any more.</source>
        <translation>Die Nachrichten von „%1“ gehen jetzt an %2. Kommen sie hierher, bekommt jene Installation keine mehr.</translation>
    </message>
    <message>
        <source>Take over</source>
        <translation>Übernehmen</translation>
    </message>
</context>
<context>
    <name>antiphon::InboxCheck</name>
    <message>
        <source>The platform accepts the connection</source>
        <translation>Die Plattform nimmt die Verbindung an</translation>
    </message>
    <message>
        <source>The platform delivers to this address</source>
        <translation>Die Plattform liefert an diese Adresse</translation>
    </message>
    <message>
        <source>The public address leads here</source>
        <translation>Die öffentliche Adresse führt hierher</translation>
    </message>
    <message>
        <source>Messages keep coming in</source>
        <translation>Nachrichten kommen an</translation>
    </message>
    <message>
        <source>The permission lasts</source>
        <translation>Die Erlaubnis gilt</translation>
    </message>
    <message>
        <source>Missed messages can be fetched</source>
        <translation>Verpasste Nachrichten lassen sich abholen</translation>
    </message>
    <message>
        <source>a probe sent to the public address arrived here</source>
        <translation>eine Probe an die öffentliche Adresse kam hier an</translation>
    </message>
    <message>
        <source>the public address does not answer</source>
        <translation>die öffentliche Adresse antwortet nicht</translation>
    </message>
    <message>
        <source>the public address answers, but it is not this server</source>
        <translation>die öffentliche Adresse antwortet, aber es ist nicht dieser Server</translation>
    </message>
    <message>
        <source>no public address is known</source>
        <translation>keine öffentliche Adresse ist bekannt</translation>
    </message>
    <message>
        <source>no message has been delivered yet</source>
        <translation>noch wurde keine Nachricht zugestellt</translation>
    </message>
    <message>
        <source>the platform names no end</source>
        <translation>die Plattform nennt kein Ende</translation>
    </message>
    <message>
        <source>the last delivery came on %1</source>
        <translation>die letzte Zustellung kam am %1</translation>
    </message>
    <message>
        <source>it ended on %1</source>
        <translation>endete am %1</translation>
    </message>
    <message>
        <source>until %1</source>
        <translation>bis %1</translation>
    </message>
    <message>
        <source>as %1</source>
        <translation>als %1</translation>
    </message>
    <message>
        <source>no public address is known, so nothing can be delivered</source>
        <translation>es ist keine öffentliche Adresse bekannt, deshalb kann nichts zugestellt werden</translation>
    </message>
    <message>
        <source>the address is entered in the platform&apos;s portal</source>
        <translation>die Adresse wird im Portal der Plattform eingetragen</translation>
    </message>
    <message>
        <source>not subscribed; it has to be done in the platform&apos;s portal</source>
        <translation>nicht abonniert; das ist im Portal der Plattform zu tun</translation>
    </message>
    <message>
        <source>the app secret is missing, so nothing that arrives can be believed</source>
        <translation>das App-Geheimnis fehlt, deshalb ist nichts, was ankommt, glaubwürdig</translation>
    </message>
    <message>
        <source>the platform could not be asked: %1</source>
        <translation>die Plattform konnte nicht gefragt werden: %1</translation>
    </message>
    <message>
        <source>the platform did not take the subscription: %1</source>
        <translation>die Plattform nahm das Abonnement nicht an: %1</translation>
    </message>
    <message>
        <source>the subscription could not be read: %1</source>
        <translation>das Abonnement ließ sich nicht lesen: %1</translation>
    </message>
    <message>
        <source>subscribed, delivered to %1</source>
        <translation>abonniert, zugestellt an %1</translation>
    </message>
    <message>
        <source>delivered to another address: %1</source>
        <translation>zugestellt an eine andere Adresse: %1</translation>
    </message>
    <message>
        <source>there is none, and none is needed: messages are fetched</source>
        <translation>es gibt keine, und es braucht keine: Nachrichten werden abgeholt</translation>
    </message>
    <message>
        <source>nothing has come yet</source>
        <translation>noch ist nichts gekommen</translation>
    </message>
    <message>
        <source>messages are fetched</source>
        <translation>Nachrichten werden abgeholt</translation>
    </message>
    <message>
        <source>messages are fetched; the webhook was taken off</source>
        <translation>Nachrichten werden abgeholt; der Webhook wurde abgemeldet</translation>
    </message>
    <message>
        <source>the inbox is switched off</source>
        <translation>der Posteingang ist ausgeschaltet</translation>
    </message>
    <message>
        <source>another program fetches this account&apos;s messages: stop that one</source>
        <translation>ein anderes Programm holt die Nachrichten dieses Kontos ab: Beenden Sie jenes</translation>
    </message>
    <message>
        <source>the last one that failed was on %1</source>
        <translation>die letzte gescheiterte war am %1</translation>
    </message>
    <message>
        <source>the webhook could not be taken off: %1</source>
        <translation>der Webhook ließ sich nicht abmelden: %1</translation>
    </message>
    <message>
        <source>nothing can be fetched while messages are delivered to another address: %1</source>
        <translation>nichts kann abgeholt werden, solange an eine andere Adresse zugestellt wird: %1</translation>
    </message>
    <message>
        <source>webhooks go to another address: %1</source>
        <translation>Webhooks gehen an eine andere Adresse: %1</translation>
    </message>
    <message>
        <source>Telegram&apos;s last try failed: %1</source>
        <translation>Telegrams letzter Versuch scheiterte: %1</translation>
    </message>
    <message>
        <source>delivered to %1</source>
        <translation>zugestellt an %1</translation>
    </message>
    <message>
        <source>LINE&apos;s test of the webhook failed: %1</source>
        <translation>LINEs Test des Webhooks scheiterte: %1</translation>
    </message>
    <message>
        <source>“Use webhook” is off: turn it on in the LINE Developers Console, under “Messaging API”</source>
        <translation>„Use webhook“ ist aus: Schalten Sie es in der LINE Developers Console unter „Messaging API“ ein</translation>
    </message>
    <message>
        <source>%1 of %2 messages of this month are used</source>
        <translation>%1 von %2 Nachrichten dieses Monats sind verbraucht</translation>
    </message>
    <message>
        <source>Hardly any are left; answers within a minute cost none.</source>
        <translation>Kaum noch welche sind übrig; Antworten innerhalb einer Minute kosten keine.</translation>
    </message>
    <message numerus="yes">
        <source>%n message(s) wait to be delivered</source>
        <translation>
            <numerusform>%n Nachricht wartet auf Zustellung</numerusform>
            <numerusform>%n Nachrichten warten auf Zustellung</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>antiphon::InboxSettings</name>
    <message>
        <source>Connect a channel</source>
        <translation>Kanal verbinden</translation>
    </message>
    <message>
        <source>No inbox yet</source>
        <translation>Noch kein Posteingang</translation>
    </message>
    <message>
        <source>An inbox is one account of a platform, where customers write to.</source>
        <translation>Ein Posteingang ist ein Konto bei einer Plattform, dem Kunden schreiben.</translation>
    </message>
    <message>
        <source>Rename the inbox</source>
        <translation>Posteingang umbenennen</translation>
    </message>
    <message>
        <source>Name, as your team sees it</source>
        <translation>Name, wie Ihr Team ihn sieht</translation>
    </message>
    <message>
        <source>Delete this inbox?</source>
        <translation>Diesen Posteingang löschen?</translation>
    </message>
    <message>
        <source>“%1” is disconnected, and its conversations are deleted from this computer. This can&apos;t be undone.</source>
        <translation>„%1“ wird getrennt, und seine Unterhaltungen werden von diesem Rechner gelöscht. Das lässt sich nicht rückgängig machen.</translation>
    </message>
    <message>
        <source>Delete the inbox</source>
        <translation>Posteingang löschen</translation>
    </message>
    <message>
        <source>The phone is asked. Contacts and messages come in over the next minutes; the phone must be online.</source>
        <translation>Das Telefon ist gefragt. Kontakte und Nachrichten kommen in den nächsten Minuten; das Telefon muss online sein.</translation>
    </message>
    <message>
        <source>The phone was asked already; WhatsApp answers only once.</source>
        <translation>Das Telefon wurde schon gefragt; WhatsApp antwortet nur einmal.</translation>
    </message>
</context>
<context>
    <name>antiphon::ListTabs</name>
    <message>
        <source>%1, %2 conversations</source>
        <translation>%1, %2 Unterhaltungen</translation>
    </message>
</context>
<context>
    <name>antiphon::MainWindow</name>
    <message>
        <source>Not reachable</source>
        <translation>Nicht erreichbar</translation>
    </message>
    <message>
        <source>About Antiphon</source>
        <translation>Über Antiphon</translation>
    </message>
    <message>
        <source>Antiphon %1, the inbox for your customers&apos; messages.
Free software under the GNU General Public License 3 or later.</source>
        <translation>Antiphon %1, der Posteingang für die Nachrichten Ihrer Kunden.
Freie Software unter der GNU General Public License 3 oder neuer.</translation>
    </message>
    <message>
        <source>Connecting …</source>
        <translation>Verbindung wird hergestellt …</translation>
    </message>
    <message>
        <source>Choose a conversation</source>
        <translation>Wählen Sie eine Unterhaltung</translation>
    </message>
    <message>
        <source>Up and Down move, Enter opens.</source>
        <translation>Auf und Ab bewegen, Enter öffnet.</translation>
    </message>
    <message>
        <source>No inbox to watch</source>
        <translation>Kein Posteingang zu überwachen</translation>
    </message>
    <message>
        <source>Receiving on %1 of %2</source>
        <translation>Empfang auf %1 von %2</translation>
    </message>
    <message>
        <source>Not connected</source>
        <translation>Nicht verbunden</translation>
    </message>
    <message>
        <source>The server can&apos;t be reached. What is shown may be out of date; the window connects again by itself.</source>
        <translation>Der Server ist nicht erreichbar. Das Gezeigte kann veraltet sein; das Fenster verbindet sich von selbst wieder.</translation>
    </message>
    <message>
        <source>Try now</source>
        <translation>Jetzt versuchen</translation>
    </message>
    <message>
        <source>Not signed in</source>
        <translation>Nicht angemeldet</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Name there</source>
        <translation>Name dort</translation>
    </message>
    <message>
        <source>Phone</source>
        <translation>Telefon</translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation>E-Mail</translation>
    </message>
    <message>
        <source>Former inbox</source>
        <translation>Früherer Posteingang</translation>
    </message>
    <message>
        <source>%1: resolved</source>
        <translation>%1: erledigt</translation>
    </message>
    <message>
        <source>%1: open again</source>
        <translation>%1: wieder offen</translation>
    </message>
    <message>
        <source>%1: assigned to you</source>
        <translation>%1: Ihnen zugewiesen</translation>
    </message>
    <message>
        <source>%1: marked as unread</source>
        <translation>%1: als ungelesen markiert</translation>
    </message>
    <message>
        <source>%1 ID</source>
        <translation>%1-Kennung</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>The server does not accept this seat&apos;s key. Start the window again on the server&apos;s computer, or with a new copy of its token file.</source>
        <translation>Der Server nimmt den Schlüssel dieses Arbeitsplatzes nicht an. Starten Sie das Fenster auf dem Computer des Servers neu oder mit einer neuen Kopie seiner Token-Datei.</translation>
    </message>
    <message>
        <source>This desktop shows no notifications.</source>
        <translation>Diese Arbeitsumgebung zeigt keine Benachrichtigungen.</translation>
    </message>
    <message>
        <source>The server at %1 does not accept this seat&apos;s key.</source>
        <translation>Der Server unter %1 nimmt den Schlüssel dieses Platzes nicht an.</translation>
    </message>
    <message>
        <source>The server doesn&apos;t let this seat in</source>
        <translation>Der Server lässt diesen Platz nicht ein</translation>
    </message>
    <message>
        <source>%1 says: %2. The window tries again by itself.</source>
        <translation>%1 sagt: %2. Das Fenster versucht es von selbst wieder.</translation>
    </message>
    <message>
        <source>The server&apos;s certificate is not trusted</source>
        <translation>Dem Zertifikat des Servers wird nicht vertraut</translation>
    </message>
    <message>
        <source>Nothing was sent to %1. Let this computer trust the certificate, or ask whoever runs the server. (%2)</source>
        <translation>An %1 wurde nichts geschickt. Lassen Sie diesen Computer dem Zertifikat vertrauen, oder fragen Sie, wer den Server betreibt. (%2)</translation>
    </message>
    <message>
        <source>The server can&apos;t be reached</source>
        <translation>Der Server ist nicht erreichbar</translation>
    </message>
    <message>
        <source>%1: %2. The window tries again by itself.</source>
        <translation>%1: %2. Das Fenster versucht es von selbst wieder.</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>keine Antwort</translation>
    </message>
    <message>
        <source>The desktop has taken it. If you saw nothing, look at the desktop&apos;s own settings for notifications.</source>
        <translation>Die Arbeitsumgebung hat sie angenommen. Falls nichts zu sehen war, hilft ein Blick in deren eigene Einstellungen für Benachrichtigungen.</translation>
    </message>
</context>
<context>
    <name>antiphon::MessageDetails</name>
    <message>
        <source>Channel: %1</source>
        <translation>Kanal: %1</translation>
    </message>
    <message>
        <source>From: %1</source>
        <translation>Von: %1</translation>
    </message>
    <message>
        <source>Written: %1</source>
        <translation>Geschrieben: %1</translation>
    </message>
    <message>
        <source>Received: %1</source>
        <translation>Empfangen: %1</translation>
    </message>
    <message>
        <source>Edited: %1</source>
        <translation>Bearbeitet: %1</translation>
    </message>
    <message>
        <source>Status: %1</source>
        <translation>Status: %1</translation>
    </message>
    <message>
        <source>Written in the %1 app</source>
        <translation>In der %1-App geschrieben</translation>
    </message>
    <message>
        <source>Fetched after this machine was away</source>
        <translation>Abgeholt, nachdem dieser Rechner weg war</translation>
    </message>
    <message>
        <source>Arrived after younger messages</source>
        <translation>Nach jüngeren Nachrichten angekommen</translation>
    </message>
    <message>
        <source>Sent again after its answer was lost; both arrived</source>
        <translation>Noch einmal gesendet, weil die Antwort verloren ging; beide sind angekommen</translation>
    </message>
    <message>
        <source>Type: %1</source>
        <translation>Art: %1</translation>
    </message>
    <message>
        <source>Id at the platform: %1</source>
        <translation>Kennung bei der Plattform: %1</translation>
    </message>
    <message>
        <source>Id: %1</source>
        <translation>Kennung: %1</translation>
    </message>
    <message>
        <source>Message details</source>
        <translation>Details der Nachricht</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Forwarded</source>
        <translation>Weitergeleitet</translation>
    </message>
    <message>
        <source>Came by: %1</source>
        <translation>Kam über: %1</translation>
    </message>
    <message>
        <source>Template: %1 (%2)</source>
        <translation>Vorlage: %1 (%2)</translation>
    </message>
    <message>
        <source>In the words of the platform: %1</source>
        <translation>In den Worten der Plattform: %1</translation>
    </message>
</context>
<context>
    <name>antiphon::MessageLook</name>
    <message>
        <source>Bot</source>
        <translation>Bot</translation>
    </message>
    <message>
        <source>Private note</source>
        <translation>Private Notiz</translation>
    </message>
    <message>
        <source>Template</source>
        <translation>Vorlage</translation>
    </message>
    <message>
        <source>It was written in the platform&apos;s own app.</source>
        <translation>Sie wurde in der eigenen App der Plattform geschrieben.</translation>
    </message>
    <message>
        <source>It is older than a day. Write it again instead.</source>
        <translation>Sie ist älter als ein Tag. Schreiben Sie sie neu.</translation>
    </message>
</context>
<context>
    <name>antiphon::MessageText</name>
    <message>
        <source>open</source>
        <translation>offen</translation>
    </message>
    <message>
        <source>pending</source>
        <translation>wartend</translation>
    </message>
    <message>
        <source>snoozed</source>
        <translation>zurückgestellt</translation>
    </message>
    <message>
        <source>resolved</source>
        <translation>abgeschlossen</translation>
    </message>
    <message>
        <source>low</source>
        <translation>niedrig</translation>
    </message>
    <message>
        <source>medium</source>
        <translation>mittel</translation>
    </message>
    <message>
        <source>high</source>
        <translation>hoch</translation>
    </message>
    <message>
        <source>urgent</source>
        <translation>dringend</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>The conversation is now %1</source>
        <translation>Die Unterhaltung ist jetzt %1</translation>
    </message>
    <message>
        <source>%1 resolved the conversation</source>
        <translation>%1 hat die Unterhaltung abgeschlossen</translation>
    </message>
    <message>
        <source>%1 reopened the conversation</source>
        <translation>%1 hat die Unterhaltung wieder geöffnet</translation>
    </message>
    <message>
        <source>%1 snoozed the conversation</source>
        <translation>%1 hat die Unterhaltung zurückgestellt</translation>
    </message>
    <message>
        <source>%1 set the status to %2</source>
        <translation>%1 hat den Status auf %2 gesetzt</translation>
    </message>
    <message>
        <source>Nobody is assigned any more</source>
        <translation>Niemand ist mehr zugewiesen</translation>
    </message>
    <message>
        <source>%1 removed the assignment</source>
        <translation>%1 hat die Zuweisung entfernt</translation>
    </message>
    <message>
        <source>Assigned to %1</source>
        <translation>%1 zugewiesen</translation>
    </message>
    <message>
        <source>%1 took the conversation</source>
        <translation>%1 hat die Unterhaltung übernommen</translation>
    </message>
    <message>
        <source>%1 assigned the conversation to %2</source>
        <translation>%1 hat die Unterhaltung %2 zugewiesen</translation>
    </message>
    <message>
        <source>Came through the advertisement “%1”</source>
        <translation>Kam über die Anzeige „%1“</translation>
    </message>
    <message>
        <source>Came through the link “%1”</source>
        <translation>Kam über den Link „%1“</translation>
    </message>
    <message>
        <source>Came through an advertisement</source>
        <translation>Kam über eine Anzeige</translation>
    </message>
    <message>
        <source>Came through a link</source>
        <translation>Kam über einen Link</translation>
    </message>
    <message>
        <source>Photo</source>
        <translation>Foto</translation>
    </message>
    <message>
        <source>Video</source>
        <translation>Video</translation>
    </message>
    <message>
        <source>Voice message</source>
        <translation>Sprachnachricht</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Sticker</source>
        <translation>Sticker</translation>
    </message>
    <message>
        <source>Shared post</source>
        <translation>Geteilter Beitrag</translation>
    </message>
    <message>
        <source>Location</source>
        <translation>Standort</translation>
    </message>
    <message>
        <source>Contact</source>
        <translation>Kontakt</translation>
    </message>
    <message>
        <source>Contact: %1</source>
        <translation>Kontakt: %1</translation>
    </message>
    <message>
        <source>The priority is now %1</source>
        <translation>Die Priorität ist jetzt %1</translation>
    </message>
    <message>
        <source>%1 set the priority to %2</source>
        <translation>%1 hat die Priorität auf %2 gesetzt</translation>
    </message>
    <message>
        <source>All labels were removed</source>
        <translation>Alle Etiketten wurden entfernt</translation>
    </message>
    <message>
        <source>Labels: %1</source>
        <translation>Etiketten: %1</translation>
    </message>
    <message>
        <source>%1 set the labels %2</source>
        <translation>%1 hat die Etiketten %2 gesetzt</translation>
    </message>
    <message>
        <source>Label added: %1</source>
        <translation>Etikett hinzugefügt: %1</translation>
    </message>
    <message>
        <source>%1 added the label %2</source>
        <translation>%1 hat das Etikett %2 hinzugefügt</translation>
    </message>
    <message>
        <source>Label removed: %1</source>
        <translation>Etikett entfernt: %1</translation>
    </message>
    <message>
        <source>%1 removed the label %2</source>
        <translation>%1 hat das Etikett %2 entfernt</translation>
    </message>
    <message>
        <source>The customer added your business</source>
        <translation>Der Kunde hat Ihr Unternehmen hinzugefügt</translation>
    </message>
    <message>
        <source>The customer blocked your business</source>
        <translation>Der Kunde hat Ihr Unternehmen blockiert</translation>
    </message>
    <message>
        <source>The customer unblocked your business</source>
        <translation>Der Kunde hat Ihr Unternehmen wieder zugelassen</translation>
    </message>
    <message>
        <source>Antiphon was offline %1 – %2 · complete</source>
        <translation>Antiphon war offline: %1 – %2 · vollständig</translation>
    </message>
    <message>
        <source>Antiphon was offline %1 – %2 · may be incomplete</source>
        <translation>Antiphon war offline: %1 – %2 · vielleicht unvollständig</translation>
    </message>
    <message>
        <source>The platform did not take the reaction %1</source>
        <translation>Die Plattform hat die Reaktion %1 nicht angenommen</translation>
    </message>
    <message>
        <source>The platform did not take the reaction %1: %2</source>
        <translation>Die Plattform hat die Reaktion %1 nicht angenommen: %2</translation>
    </message>
    <message>
        <source>One incoming event could not be processed</source>
        <translation>Ein eingehendes Ereignis ließ sich nicht verarbeiten</translation>
    </message>
    <message>
        <source>Something changed</source>
        <translation>Etwas hat sich geändert</translation>
    </message>
    <message>
        <source>Changed: %1</source>
        <translation>Geändert: %1</translation>
    </message>
    <message>
        <source>This kind of message cannot be shown here. Open the %1 app to see it.</source>
        <translation>Solche Nachrichten lassen sich hier nicht zeigen. Öffnen Sie die %1-App, um sie zu sehen.</translation>
    </message>
    <message>
        <source>This kind of message cannot be shown here.</source>
        <translation>Solche Nachrichten lassen sich hier nicht zeigen.</translation>
    </message>
    <message>
        <source>Sent from the %1 app, not from this inbox.</source>
        <translation>Aus der %1-App gesendet, nicht aus diesem Posteingang.</translation>
    </message>
    <message>
        <source>Someone answered from the %1 app.
Reply here so your team sees who is handling this conversation.</source>
        <translation>Jemand hat aus der %1-App geantwortet.
Antworten Sie hier, damit Ihr Team sieht, wer sich kümmert.</translation>
    </message>
    <message>
        <source>This message was deleted</source>
        <translation>Diese Nachricht wurde gelöscht</translation>
    </message>
    <message>
        <source>Another program took the conversation over</source>
        <translation>Ein anderes Programm hat die Unterhaltung übernommen</translation>
    </message>
    <message>
        <source>The conversation was handed back to this inbox</source>
        <translation>Die Unterhaltung wurde an diesen Posteingang zurückgegeben</translation>
    </message>
    <message>
        <source>Another program asked for the conversation</source>
        <translation>Ein anderes Programm hat die Unterhaltung angefordert</translation>
    </message>
    <message>
        <source>Replied to your story</source>
        <translation>Hat auf Ihre Story geantwortet</translation>
    </message>
    <message>
        <source>Mentioned you in a story</source>
        <translation>Hat Sie in einer Story erwähnt</translation>
    </message>
    <message>
        <source>It has expired at the platform</source>
        <translation>Bei der Plattform abgelaufen</translation>
    </message>
    <message>
        <source>The story is no longer available</source>
        <translation>Die Story ist nicht mehr verfügbar</translation>
    </message>
    <message>
        <source>The file is too large to be fetched</source>
        <translation>Die Datei ist zu groß, um geholt zu werden</translation>
    </message>
    <message>
        <source>The platform does not hand the file over</source>
        <translation>Die Plattform gibt die Datei nicht heraus</translation>
    </message>
    <message>
        <source>The file is not available</source>
        <translation>Die Datei ist nicht verfügbar</translation>
    </message>
    <message>
        <source>Came by the ad “%1”</source>
        <translation>Kam über die Anzeige „%1“</translation>
    </message>
    <message>
        <source>Came by an ad</source>
        <translation>Kam über eine Anzeige</translation>
    </message>
    <message>
        <source>The customer&apos;s number is now %1</source>
        <translation>Die Nummer des Kunden ist jetzt %1</translation>
    </message>
    <message>
        <source>The customer&apos;s security code has changed</source>
        <translation>Die Sicherheitsnummer des Kunden hat sich geändert</translation>
    </message>
    <message>
        <source>The customer linked an account</source>
        <translation>Der Kunde hat ein Konto verknüpft</translation>
    </message>
    <message>
        <source>The customer unlinked an account</source>
        <translation>Der Kunde hat die Verknüpfung gelöst</translation>
    </message>
    <message>
        <source>Perhaps damaged: it is not the file that was announced</source>
        <translation>Vielleicht beschädigt: Es ist nicht die Datei, die angekündigt war</translation>
    </message>
    <message>
        <source>Perhaps not as it was sent: %1</source>
        <translation>Vielleicht nicht, wie sie gesendet wurde: %1</translation>
    </message>
    <message>
        <source>Native app</source>
        <translation>Native App</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Another connected tool</source>
        <translation>Anderes verbundenes Programm</translation>
    </message>
    <message>
        <source>Sent by %1</source>
        <translation>Gesendet von %1</translation>
    </message>
    <message>
        <source>The customer started the chat</source>
        <translation>Der Kunde hat den Chat begonnen</translation>
    </message>
    <message>
        <source>The customer started the chat through the link “%1”</source>
        <translation>Der Kunde hat den Chat über den Link „%1“ begonnen</translation>
    </message>
    <message>
        <source>The customer was blocked</source>
        <translation>Der Kunde wurde blockiert</translation>
    </message>
    <message>
        <source>%1 blocked the customer</source>
        <translation>%1 hat den Kunden blockiert</translation>
    </message>
    <message>
        <source>The customer was unblocked</source>
        <translation>Der Kunde wird nicht mehr blockiert</translation>
    </message>
    <message>
        <source>%1 unblocked the customer</source>
        <translation>%1 blockiert den Kunden nicht mehr</translation>
    </message>
</context>
<context>
    <name>antiphon::NewMessagesPill</name>
    <message>
        <source>1 new message</source>
        <translation>1 neue Nachricht</translation>
    </message>
    <message numerus="yes">
        <source>%n new messages</source>
        <translation>
            <numerusform>%n neue Nachricht</numerusform>
            <numerusform>%n neue Nachrichten</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>antiphon::PanelRow</name>
    <message>
        <source>Change: %1</source>
        <translation>Ändern: %1</translation>
    </message>
    <message>
        <source>Copy: %1</source>
        <translation>Kopieren: %1</translation>
    </message>
    <message>
        <source>Copies the value</source>
        <translation>Kopiert den Wert</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
</context>
<context>
    <name>antiphon::Reachability</name>
    <message>
        <source>The customer blocked your account at %1: nothing reaches them. It goes on once they unblock it or write.</source>
        <translation>Der Kunde hat Ihr Konto bei %1 blockiert: Nichts erreicht ihn. Es geht weiter, sobald er es freigibt oder schreibt.</translation>
    </message>
    <message>
        <source>The customer blocked your account.</source>
        <translation>Der Kunde hat Ihr Konto blockiert.</translation>
    </message>
    <message>
        <source>This customer&apos;s account at %1 no longer exists: nothing can be sent to it.</source>
        <translation>Das Konto dieses Kunden bei %1 gibt es nicht mehr: Nichts kann ihm gesendet werden.</translation>
    </message>
    <message>
        <source>The customer&apos;s account no longer exists.</source>
        <translation>Das Konto des Kunden gibt es nicht mehr.</translation>
    </message>
    <message>
        <source>The customer wrote STOP and wants no more messages. You can answer again when they write START.</source>
        <translation>Der Kunde hat STOP geschrieben und will keine Nachrichten mehr. Sie können wieder antworten, wenn er START schreibt.</translation>
    </message>
    <message>
        <source>The customer wants no more messages.</source>
        <translation>Der Kunde will keine Nachrichten mehr.</translation>
    </message>
    <message>
        <source>The owner of this account lets the bot read, but not reply. The right is given in the Telegram app, under Telegram Business → Chatbots.</source>
        <translation>Der Inhaber dieses Kontos lässt den Bot lesen, aber nicht antworten. Das Recht gibt er in der Telegram-App unter Telegram Business → Chatbots.</translation>
    </message>
    <message>
        <source>The owner has not given the right to reply.</source>
        <translation>Der Inhaber hat das Recht zu antworten nicht gegeben.</translation>
    </message>
    <message>
        <source>The owner of this account has disconnected the bot. It is connected again in the Telegram app, under Telegram Business → Chatbots.</source>
        <translation>Der Inhaber dieses Kontos hat den Bot getrennt. Wieder verbunden wird er in der Telegram-App unter Telegram Business → Chatbots.</translation>
    </message>
    <message>
        <source>The owner has disconnected the bot.</source>
        <translation>Der Inhaber hat den Bot getrennt.</translation>
    </message>
    <message>
        <source>Nothing can be sent to this customer now. %1 says: %2</source>
        <translation>Diesem Kunden kann jetzt nichts gesendet werden. %1 sagt: %2</translation>
    </message>
    <message>
        <source>Nothing can be sent to this customer now.</source>
        <translation>Diesem Kunden kann jetzt nichts gesendet werden.</translation>
    </message>
</context>
<context>
    <name>antiphon::RelativeTime</name>
    <message>
        <source>Yesterday</source>
        <translation>Gestern</translation>
    </message>
    <message>
        <source>d MMM</source>
        <translation>d. MMM</translation>
    </message>
    <message>
        <source>d MMM yyyy</source>
        <translation>d. MMM yyyy</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Heute</translation>
    </message>
    <message>
        <source>dddd, d MMMM</source>
        <translation>dddd, d. MMMM</translation>
    </message>
    <message>
        <source>dddd, d MMMM yyyy</source>
        <translation>dddd, d. MMMM yyyy</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 Min.</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 Std.</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 Std. %2 Min.</translation>
    </message>
</context>
<context>
    <name>antiphon::ReplyCountdown</name>
    <message>
        <source>Closed until the customer writes</source>
        <translation>Geschlossen, bis der Kunde schreibt</translation>
    </message>
    <message>
        <source>Closed since %1</source>
        <translation>Geschlossen seit %1</translation>
    </message>
    <message>
        <source>Closed since %1 %2</source>
        <translation>Geschlossen seit %1 %2</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>geschlossen</translation>
    </message>
    <message>
        <source>Closing</source>
        <translation>Schließt gleich</translation>
    </message>
    <message>
        <source>Reply within %1</source>
        <translation>Antwort binnen %1</translation>
    </message>
    <message>
        <source>You can answer once the customer has written.</source>
        <translation>Sie können antworten, sobald der Kunde geschrieben hat.</translation>
    </message>
    <message>
        <source>More than 24 hours have passed since the customer&apos;s last message. Only an approved template can be sent now.</source>
        <translation>Seit der letzten Nachricht des Kunden sind mehr als 24 Stunden vergangen. Jetzt lässt sich nur eine genehmigte Vorlage senden.</translation>
    </message>
    <message>
        <source>TikTok allows replies for 48 hours after the customer&apos;s last message. That time is over; you can reply again when they write.</source>
        <translation>TikTok erlaubt Antworten bis 48 Stunden nach der letzten Nachricht des Kunden. Diese Zeit ist vorbei; sobald er schreibt, können Sie wieder antworten.</translation>
    </message>
    <message>
        <source>%1 allows replies for 7 days after the customer&apos;s last message. That time is over.</source>
        <translation>%1 erlaubt Antworten bis 7 Tage nach der letzten Nachricht des Kunden. Diese Zeit ist vorbei.</translation>
    </message>
    <message>
        <source>%1 allows replies for 24 hours after the customer&apos;s last message. That time is over.</source>
        <translation>%1 erlaubt Antworten bis 24 Stunden nach der letzten Nachricht des Kunden. Diese Zeit ist vorbei.</translation>
    </message>
    <message>
        <source>The time for replies is over; you can reply again when the customer writes.</source>
        <translation>Die Zeit für Antworten ist vorbei; sobald der Kunde schreibt, können Sie wieder antworten.</translation>
    </message>
    <message>
        <source>Telegram lets connected bots answer for 24 hours after the customer&apos;s last message. That time is over; the owner can still answer in the Telegram app.</source>
        <translation>Telegram lässt verbundene Bots 24 Stunden nach der letzten Nachricht des Kunden antworten. Diese Zeit ist vorbei; der Inhaber kann noch in der Telegram-App antworten.</translation>
    </message>
</context>
<context>
    <name>antiphon::RowLayout</name>
    <message>
        <source>On its way</source>
        <translation>Unterwegs</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Gesendet</translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation>Zugestellt</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>Gelesen</translation>
    </message>
    <message>
        <source>Still being fetched</source>
        <translation>Wird noch abgeholt</translation>
    </message>
    <message>
        <source>An earlier message</source>
        <translation>Eine frühere Nachricht</translation>
    </message>
    <message>
        <source>Message not available</source>
        <translation>Nachricht nicht verfügbar</translation>
    </message>
    <message>
        <source>Fetched after this machine was away</source>
        <translation>Abgeholt, nachdem dieser Rechner weg war</translation>
    </message>
    <message>
        <source>1 new message</source>
        <translation>1 neue Nachricht</translation>
    </message>
    <message numerus="yes">
        <source>%n new messages</source>
        <translation>
            <numerusform>%n neue Nachricht</numerusform>
            <numerusform>%n neue Nachrichten</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 app</source>
        <translation>%1-App</translation>
    </message>
    <message>
        <source>(edited)</source>
        <translation>(bearbeitet)</translation>
    </message>
    <message>
        <source>(arrived twice)</source>
        <translation>(zweimal angekommen)</translation>
    </message>
    <message>
        <source>It was sent again, and the first one had arrived, too.</source>
        <translation>Sie wurde noch einmal gesendet, und auch die erste war angekommen.</translation>
    </message>
    <message>
        <source>Edited %1</source>
        <translation>Bearbeitet %1</translation>
    </message>
    <message>
        <source>It may have been sent.</source>
        <translation>Vielleicht wurde sie gesendet.</translation>
    </message>
    <message>
        <source>Not sent.</source>
        <translation>Nicht gesendet.</translation>
    </message>
    <message>
        <source>It arrived</source>
        <translation>Sie ist angekommen</translation>
    </message>
    <message>
        <source>Send again</source>
        <translation>Erneut senden</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>This message was deleted</source>
        <translation>Diese Nachricht wurde gelöscht</translation>
    </message>
    <message>
        <source>Type: %1</source>
        <translation>Art: %1</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>Alles zeigen</translation>
    </message>
    <message>
        <source>Answer to: %1</source>
        <translation>Antwort auf: %1</translation>
    </message>
    <message>
        <source>Save …</source>
        <translation>Speichern …</translation>
    </message>
    <message>
        <source>Save %1</source>
        <translation>%1 speichern</translation>
    </message>
    <message>
        <source>Sticker</source>
        <translation>Sticker</translation>
    </message>
    <message>
        <source>Open photo</source>
        <translation>Foto öffnen</translation>
    </message>
    <message>
        <source>Image not available</source>
        <translation>Bild nicht verfügbar</translation>
    </message>
    <message>
        <source>Load the photo again</source>
        <translation>Foto erneut laden</translation>
    </message>
    <message>
        <source>Open in map</source>
        <translation>In Karte öffnen</translation>
    </message>
    <message>
        <source>Location</source>
        <translation>Standort</translation>
    </message>
    <message>
        <source>Shared post</source>
        <translation>Geteilter Beitrag</translation>
    </message>
    <message>
        <source>Open in browser</source>
        <translation>Im Browser öffnen</translation>
    </message>
    <message>
        <source>Look at it under Diagnosis</source>
        <translation>In der Diagnose ansehen</translation>
    </message>
    <message>
        <source>Your business</source>
        <translation>Ihr Unternehmen</translation>
    </message>
    <message>
        <source>%1 · click to take it back</source>
        <translation>%1 · klicken, um sie zurückzunehmen</translation>
    </message>
    <message>
        <source>Forwarded</source>
        <translation>Weitergeleitet</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>Abspielen</translation>
    </message>
    <message>
        <source>Play the video</source>
        <translation>Video abspielen</translation>
    </message>
    <message>
        <source>Play or pause: %1</source>
        <translation>Abspielen oder anhalten: %1</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Geschwindigkeit</translation>
    </message>
    <message>
        <source>Contact</source>
        <translation>Kontakt</translation>
    </message>
    <message>
        <source>Copy number</source>
        <translation>Nummer kopieren</translation>
    </message>
    <message>
        <source>Copy %1</source>
        <translation>%1 kopieren</translation>
    </message>
    <message>
        <source>Load photo %1 of %2 again</source>
        <translation>Foto %1 von %2 noch einmal laden</translation>
    </message>
    <message>
        <source>Play video %1 of %2</source>
        <translation>Video %1 von %2 abspielen</translation>
    </message>
    <message>
        <source>Open photo %1 of %2</source>
        <translation>Foto %1 von %2 öffnen</translation>
    </message>
</context>
<context>
    <name>antiphon::SearchPane</name>
    <message>
        <source>Message</source>
        <translation>Nachricht</translation>
    </message>
    <message>
        <source>Contact</source>
        <translation>Kontakt</translation>
    </message>
    <message>
        <source>Conversation</source>
        <translation>Unterhaltung</translation>
    </message>
    <message>
        <source>Search results</source>
        <translation>Suchergebnisse</translation>
    </message>
    <message>
        <source>Close the search</source>
        <translation>Suche schließen</translation>
    </message>
    <message>
        <source>There is no conversation with this contact.</source>
        <translation>Mit diesem Kontakt gibt es keine Unterhaltung.</translation>
    </message>
    <message>
        <source>The search did not work</source>
        <translation>Die Suche hat nicht funktioniert</translation>
    </message>
    <message>
        <source>Searching …</source>
        <translation>Wird gesucht …</translation>
    </message>
    <message>
        <source>No message or contact found</source>
        <translation>Keine Nachricht und kein Kontakt gefunden</translation>
    </message>
    <message>
        <source>Try fewer or other words.</source>
        <translation>Versuchen Sie weniger oder andere Wörter.</translation>
    </message>
</context>
<context>
    <name>antiphon::SettingsPage</name>
    <message>
        <source>Public address</source>
        <translation>Öffentliche Adresse</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Close the settings</source>
        <translation>Einstellungen schließen</translation>
    </message>
    <message>
        <source>Sections of the settings</source>
        <translation>Abschnitte der Einstellungen</translation>
    </message>
    <message>
        <source>Inboxes</source>
        <translation>Posteingänge</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>Hoher Kontrast</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>Textgröße</translation>
    </message>
    <message>
        <source>Text size in percent</source>
        <translation>Textgröße in Prozent</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>Sleep</source>
        <translation>Ruhezustand</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>Benachrichtigungen</translation>
    </message>
    <message>
        <source>Blocked customers</source>
        <translation>Blockierte Kunden</translation>
    </message>
</context>
<context>
    <name>antiphon::ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Composer</source>
        <translation>Eingabe</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Senden</translation>
    </message>
    <message>
        <source>New line</source>
        <translation>Neue Zeile</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>antiphon::Sidebar</name>
    <message>
        <source>Views and inboxes</source>
        <translation>Ansichten und Posteingänge</translation>
    </message>
    <message>
        <source>Inboxes</source>
        <translation>Posteingänge</translation>
    </message>
    <message>
        <source>Connect a channel</source>
        <translation>Kanal verbinden</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>Menü</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Search messages and contacts</source>
        <translation>Nachrichten und Kontakte durchsuchen</translation>
    </message>
    <message>
        <source>All conversations</source>
        <translation>Alle Unterhaltungen</translation>
    </message>
    <message>
        <source>Closing soon</source>
        <translation>Schließt bald</translation>
    </message>
    <message>
        <source>Unattended</source>
        <translation>Unbeantwortet</translation>
    </message>
    <message>
        <source>Snoozed</source>
        <translation>Zurückgestellt</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Inbox settings</source>
        <translation>Einstellungen des Posteingangs</translation>
    </message>
    <message>
        <source>Diagnosis</source>
        <translation>Diagnose</translation>
    </message>
</context>
<context>
    <name>antiphon::SidebarRow</name>
    <message>
        <source>nothing has come in for a while</source>
        <translation>seit einer Weile kam nichts an</translation>
    </message>
    <message>
        <source>must be reconnected</source>
        <translation>muss neu verbunden werden</translation>
    </message>
    <message>
        <source>switched off</source>
        <translation>ausgeschaltet</translation>
    </message>
    <message numerus="yes">
        <source>%n unread</source>
        <translation>
            <numerusform>%n ungelesen</numerusform>
            <numerusform>%n ungelesen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>antiphon::SleepSettings</name>
    <message>
        <source>While it sleeps nothing arrives; what can be fetched is fetched afterwards.</source>
        <translation>Während er schläft, kommt nichts an; was sich nachholen lässt, wird danach geholt.</translation>
    </message>
    <message>
        <source>The server&apos;s computer may sleep</source>
        <translation>Der Computer des Servers darf einschlafen</translation>
    </message>
    <message>
        <source>Keep it awake while inboxes are connected</source>
        <translation>Wach halten, solange Posteingänge verbunden sind</translation>
    </message>
    <message>
        <source>Keep it awake, but only on mains power</source>
        <translation>Wach halten, aber nur am Netzteil</translation>
    </message>
    <message>
        <source>It is kept awake.</source>
        <translation>Er wird wach gehalten.</translation>
    </message>
    <message>
        <source>It runs on battery now and may sleep.</source>
        <translation>Er läuft gerade mit Akku und darf einschlafen.</translation>
    </message>
    <message>
        <source>Only the owner or an administrator can change this.</source>
        <translation>Nur Inhaber oder Administratoren können das ändern.</translation>
    </message>
    <message>
        <source>The server&apos;s computer can&apos;t be kept awake by Antiphon: its system offers no way. Change its own power settings.</source>
        <translation>Der Computer des Servers lässt sich von Antiphon nicht wach halten: Sein System bietet keinen Weg. Ändern Sie seine eigenen Energieeinstellungen.</translation>
    </message>
</context>
<context>
    <name>antiphon::StepList</name>
    <message>
        <source>Step %1 of %2: %3</source>
        <translation>Schritt %1 von %2: %3</translation>
    </message>
    <message numerus="yes">
        <source>All %n steps are done</source>
        <translation>
            <numerusform>%n Schritt ist erledigt</numerusform>
            <numerusform>Alle %n Schritte sind erledigt</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>antiphon::StoreBanner</name>
    <message>
        <source>The workspace&apos;s file is damaged: part of the messages can&apos;t be read. The server&apos;s log says which copy there is and how to put it back.</source>
        <translation>Die Datei des Arbeitsbereichs ist beschädigt: Ein Teil der Nachrichten kann nicht gelesen werden. Das Protokoll des Servers nennt die vorhandene Kopie und wie man sie einsetzt.</translation>
    </message>
    <message>
        <source>Messages can&apos;t be stored: %1. Platforms are asked to deliver them again, nothing can be sent meanwhile. It goes on by itself.</source>
        <translation>Nachrichten können nicht gespeichert werden: %1. Die Plattformen werden gebeten, sie erneut zuzustellen; inzwischen kann nichts gesendet werden. Danach geht es von selbst weiter.</translation>
    </message>
    <message>
        <source>This workspace was put back from a copy. Messages that waited to be sent may have been sent already: look at each of them and send it again where it was not.</source>
        <translation>Dieser Arbeitsbereich wurde aus einer Kopie wiederhergestellt. Nachrichten, die auf das Senden warteten, sind vielleicht schon gesendet: Sehen Sie jede an und senden Sie sie erneut, wenn sie es nicht ist.</translation>
    </message>
    <message>
        <source>the server&apos;s disk is full</source>
        <translation>die Festplatte des Servers ist voll</translation>
    </message>
    <message>
        <source>the server&apos;s disk reports errors</source>
        <translation>die Festplatte des Servers meldet Fehler</translation>
    </message>
    <message>
        <source>another program holds the workspace&apos;s file</source>
        <translation>ein anderes Programm hält die Datei des Arbeitsbereichs fest</translation>
    </message>
    <message>
        <source>the workspace&apos;s file can&apos;t be changed</source>
        <translation>die Datei des Arbeitsbereichs kann nicht geändert werden</translation>
    </message>
    <message>
        <source>the server&apos;s disk refuses</source>
        <translation>die Festplatte des Servers verweigert das Schreiben</translation>
    </message>
    <message>
        <source>The server&apos;s disk is filling up, %1 are free: messages come in, but no more pictures and files. Make room there.</source>
        <translation>Der Datenträger des Servers wird voll, %1 sind frei: Nachrichten kommen an, aber keine Bilder und Dateien mehr. Schaffen Sie dort Platz.</translation>
    </message>
    <message>
        <source>The server&apos;s disk is nearly full, %1 are free. Make room there, or soon no message can be stored.</source>
        <translation>Der Datenträger des Servers ist fast voll, %1 sind frei. Schaffen Sie dort Platz, sonst kann bald keine Nachricht mehr gespeichert werden.</translation>
    </message>
</context>
<context>
    <name>antiphon::TemplatePicker</name>
    <message>
        <source>Marketing</source>
        <translation>Marketing</translation>
    </message>
    <message>
        <source>Utility</source>
        <translation>Service</translation>
    </message>
    <message>
        <source>Authentication</source>
        <translation>Anmeldung</translation>
    </message>
    <message>
        <source>Approved</source>
        <translation>Genehmigt</translation>
    </message>
    <message>
        <source>Waits for approval</source>
        <translation>Wartet auf Genehmigung</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>Abgelehnt</translation>
    </message>
    <message>
        <source>Paused by the platform</source>
        <translation>Von der Plattform ausgesetzt</translation>
    </message>
    <message>
        <source>Switched off by the platform</source>
        <translation>Von der Plattform abgeschaltet</translation>
    </message>
    <message>
        <source>Send a template</source>
        <translation>Vorlage senden</translation>
    </message>
    <message>
        <source>Search templates</source>
        <translation>Vorlagen suchen</translation>
    </message>
    <message>
        <source>Templates</source>
        <translation>Vorlagen</translation>
    </message>
    <message>
        <source>Fetch anew</source>
        <translation>Neu holen</translation>
    </message>
    <message>
        <source>What the customer will read</source>
        <translation>Was der Kunde liest</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Send template</source>
        <translation>Vorlage senden</translation>
    </message>
    <message>
        <source>Fetching the templates …</source>
        <translation>Die Vorlagen werden geholt …</translation>
    </message>
    <message>
        <source>Reading the templates …</source>
        <translation>Die Vorlagen werden gelesen …</translation>
    </message>
    <message>
        <source>They could not be fetched: %1</source>
        <translation>Sie konnten nicht geholt werden: %1</translation>
    </message>
    <message>
        <source>They have not been fetched yet.</source>
        <translation>Sie wurden noch nicht geholt.</translation>
    </message>
    <message>
        <source>As of %1</source>
        <translation>Stand: %1</translation>
    </message>
    <message>
        <source>This account has no templates. They are made in Meta&apos;s WhatsApp Manager.</source>
        <translation>Dieses Konto hat keine Vorlagen. Sie werden in Metas WhatsApp Manager angelegt.</translation>
    </message>
    <message>
        <source>Choose the picture …</source>
        <translation>Bild wählen …</translation>
    </message>
    <message>
        <source>Choose the video …</source>
        <translation>Video wählen …</translation>
    </message>
    <message>
        <source>Choose the document …</source>
        <translation>Dokument wählen …</translation>
    </message>
    <message>
        <source>Heading, place %1</source>
        <translation>Überschrift, Stelle %1</translation>
    </message>
    <message>
        <source>Text, place %1</source>
        <translation>Text, Stelle %1</translation>
    </message>
    <message>
        <source>Button “%1”</source>
        <translation>Schaltfläche „%1“</translation>
    </message>
    <message>
        <source>for example %1</source>
        <translation>zum Beispiel %1</translation>
    </message>
    <message>
        <source>Pictures (*.png *.jpg *.jpeg)</source>
        <translation>Bilder (*.png *.jpg *.jpeg)</translation>
    </message>
    <message>
        <source>Videos (*.mp4 *.3gp)</source>
        <translation>Videos (*.mp4 *.3gp)</translation>
    </message>
    <message>
        <source>Documents (*)</source>
        <translation>Dokumente (*)</translation>
    </message>
    <message>
        <source>Choose a template first.</source>
        <translation>Wählen Sie zuerst eine Vorlage.</translation>
    </message>
    <message>
        <source>[Picture]</source>
        <translation>[Bild]</translation>
    </message>
    <message>
        <source>[Video]</source>
        <translation>[Video]</translation>
    </message>
    <message>
        <source>[Document]</source>
        <translation>[Dokument]</translation>
    </message>
    <message>
        <source>It can&apos;t be sent: %1.</source>
        <translation>Sie kann nicht gesendet werden: %1.</translation>
    </message>
    <message>
        <source>It can&apos;t be sent: %1 (%2).</source>
        <translation>Sie kann nicht gesendet werden: %1 (%2).</translation>
    </message>
    <message>
        <source>Fill in every place first.</source>
        <translation>Füllen Sie zuerst jede Stelle aus.</translation>
    </message>
    <message>
        <source>Its heading needs a file.</source>
        <translation>Ihre Überschrift braucht eine Datei.</translation>
    </message>
    <message>
        <source>A file is still being uploaded.</source>
        <translation>Eine Datei wird noch hochgeladen.</translation>
    </message>
    <message>
        <source>The platform takes no line breaks, tabs or more than four blanks in a row here.</source>
        <translation>Die Plattform nimmt hier keine Zeilenumbrüche, Tabulatoren oder mehr als vier Leerzeichen hintereinander.</translation>
    </message>
</context>
<context>
    <name>antiphon::TunnelForm</name>
    <message>
        <source>/home/…/.cloudflared/….json</source>
        <translation>/home/…/.cloudflared/….json</translation>
    </message>
    <message>
        <source>server.example.com</source>
        <translation>server.beispiel.de</translation>
    </message>
    <message>
        <source>/home/…/.ssh/id_ed25519</source>
        <translation>/home/…/.ssh/id_ed25519</translation>
    </message>
    <message>
        <source>Public address</source>
        <translation>Öffentliche Adresse</translation>
    </message>
    <message>
        <source>The public hostname of the tunnel, as it stands in the dashboard.</source>
        <translation>Der öffentliche Hostname des Tunnels, wie er im Dashboard steht.</translation>
    </message>
    <message>
        <source>Tunnel token</source>
        <translation>Tunnel-Token</translation>
    </message>
    <message>
        <source>From the dashboard: Networks, Tunnels, your tunnel. It is kept encrypted.</source>
        <translation>Aus dem Dashboard: Networks, Tunnels, Ihr Tunnel. Er wird verschlüsselt aufbewahrt.</translation>
    </message>
    <message>
        <source>Or tunnel name</source>
        <translation>Oder Tunnelname</translation>
    </message>
    <message>
        <source>Its credentials</source>
        <translation>Seine Zugangsdaten</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>SSH port</source>
        <translation>SSH-Port</translation>
    </message>
    <message>
        <source>User</source>
        <translation>Benutzer</translation>
    </message>
    <message>
        <source>Key file</source>
        <translation>Schlüsseldatei</translation>
    </message>
    <message>
        <source>A private key without passphrase, or one that an agent holds. Empty: the usual ones.</source>
        <translation>Ein privater Schlüssel ohne Passphrase oder einer, den ein Agent bereithält. Leer: die üblichen.</translation>
    </message>
    <message>
        <source>Port on the host</source>
        <translation>Port auf dem Server</translation>
    </message>
    <message>
        <source>Listens there on</source>
        <translation>Lauscht dort auf</translation>
    </message>
    <message>
        <source>The https address that your host&apos;s web server forwards to that port.</source>
        <translation>Die https-Adresse, die der Webserver Ihres Servers an diesen Port weiterleitet.</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>Empty: the public one.</source>
        <translation>Leer: der öffentliche.</translation>
    </message>
    <message>
        <source>Wished name</source>
        <translation>Wunschname</translation>
    </message>
    <message>
        <source>Only where a proxy stands before your server; else the server tells it.</source>
        <translation>Nur wenn ein Proxy vor Ihrem Server steht; sonst nennt sie der Server.</translation>
    </message>
    <message>
        <source>Stored; leave empty to keep it</source>
        <translation>Gespeichert; leer lassen, um ihn zu behalten</translation>
    </message>
</context>
<context>
    <name>antiphon::TunnelPanel</name>
    <message>
        <source>What leads to this computer</source>
        <translation>Was zu diesem Computer führt</translation>
    </message>
    <message>
        <source>Use this</source>
        <translation>Übernehmen</translation>
    </message>
    <message>
        <source>Check now</source>
        <translation>Jetzt prüfen</translation>
    </message>
    <message>
        <source>Sends a test to the public address and waits for it to arrive here</source>
        <translation>Schickt eine Probe an die öffentliche Adresse und wartet, ob sie hier ankommt</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Last lines of the tunnel&apos;s program</source>
        <translation>Letzte Zeilen des Tunnelprogramms</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>Befehle</translation>
    </message>
    <message>
        <source>Copy commands</source>
        <translation>Befehle kopieren</translation>
    </message>
    <message>
        <source>Open the download page</source>
        <translation>Download-Seite öffnen</translation>
    </message>
    <message>
        <source>Not known</source>
        <translation>Nicht bekannt</translation>
    </message>
    <message>
        <source>only owner and admins see it</source>
        <translation>nur Inhaber und Verwalter sehen sie</translation>
    </message>
    <message>
        <source>Only the owner can change it.</source>
        <translation>Nur der Inhaber kann das ändern.</translation>
    </message>
    <message>
        <source>not known yet</source>
        <translation>noch nicht bekannt</translation>
    </message>
    <message>
        <source>The address was given when the program was started (--public-url). That wins over the choice below.</source>
        <translation>Die Adresse wurde beim Start des Programms angegeben (--public-url). Das geht der Wahl unten vor.</translation>
    </message>
    <message>
        <source>%1 webhook</source>
        <translation>%1-Webhook</translation>
    </message>
    <message>
        <source>set for you</source>
        <translation>für Sie gesetzt</translation>
    </message>
    <message>
        <source>%1 redirect URL</source>
        <translation>%1-Rückkehradresse</translation>
    </message>
    <message>
        <source>%1 was not told the address yet; it is tried again by itself. %2</source>
        <translation>%1 kennt die Adresse noch nicht; es wird von selbst wieder versucht. %2</translation>
    </message>
</context>
<context>
    <name>antiphon::VideoViewer</name>
    <message>
        <source>Video</source>
        <translation>Video</translation>
    </message>
    <message>
        <source>There is no room to play it.</source>
        <translation>Es ist kein Platz da, um es abzuspielen.</translation>
    </message>
    <message>
        <source>Save video</source>
        <translation>Video speichern</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Save …</source>
        <translation>Speichern …</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>Abspielen</translation>
    </message>
    <message>
        <source>Position</source>
        <translation>Stelle</translation>
    </message>
    <message>
        <source>This computer can&apos;t play this kind of video.</source>
        <translation>Dieser Computer kann Videos dieser Art nicht abspielen.</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Loading …</source>
        <translation>Wird geladen …</translation>
    </message>
</context>
<context>
    <name>antiphon::VoicePlayer</name>
    <message>
        <source>There is no room to play it.</source>
        <translation>Es ist kein Platz da, um es abzuspielen.</translation>
    </message>
    <message>
        <source>This computer can&apos;t play this kind of file.</source>
        <translation>Dieser Computer kann Dateien dieser Art nicht abspielen.</translation>
    </message>
</context>
<context>
    <name>antiphon::tunneltext</name>
    <message>
        <source>The program “%1” is not installed on the computer that runs the server. It is used as soon as it is there.</source>
        <translation>Das Programm „%1“ ist auf dem Computer, auf dem der Server läuft, nicht installiert. Es wird verwendet, sobald es da ist.</translation>
    </message>
    <message>
        <source>The other side can&apos;t be reached. Is the computer online? It goes on by itself when the network is back.</source>
        <translation>Die Gegenseite ist nicht erreichbar. Ist der Computer online? Sobald das Netz wieder da ist, geht es von selbst weiter.</translation>
    </message>
    <message>
        <source>Your host refused the login. Put the public key into ~/.ssh/authorized_keys of that user on the host. Try it in a terminal: ssh %1</source>
        <translation>Ihr Server hat die Anmeldung abgelehnt. Tragen Sie den öffentlichen Schlüssel dort in ~/.ssh/authorized_keys dieses Benutzers ein. Probieren Sie es in einem Terminal: ssh %1</translation>
    </message>
    <message>
        <source>Your host is not known yet. Connect once in a terminal, compare the fingerprint that is shown with your host&apos;s, and answer yes: ssh %1</source>
        <translation>Ihr Server ist noch nicht bekannt. Verbinden Sie sich einmal in einem Terminal, vergleichen Sie den angezeigten Fingerabdruck mit dem Ihres Servers und antworten Sie mit yes: ssh %1</translation>
    </message>
    <message>
        <source>Your host shows another key than before: it was set up anew, or somebody stands in between. If you know why, remove the old key (ssh-keygen -R) and connect once: ssh %1</source>
        <translation>Ihr Server zeigt einen anderen Schlüssel als bisher: Er wurde neu eingerichtet, oder jemand steht dazwischen. Wenn Sie den Grund kennen, entfernen Sie den alten Schlüssel (ssh-keygen -R) und verbinden Sie sich einmal: ssh %1</translation>
    </message>
    <message>
        <source>Your host does not give the port. It is taken by an earlier connection or another program, or forwarding is switched off there (AllowTcpForwarding).</source>
        <translation>Ihr Server gibt den Port nicht her. Eine frühere Verbindung oder ein anderes Programm belegt ihn, oder das Weiterleiten ist dort abgeschaltet (AllowTcpForwarding).</translation>
    </message>
    <message>
        <source>The key file can&apos;t be used. It must be a private key without a passphrase (or one an agent holds) that only the server&apos;s account may read: chmod 600.</source>
        <translation>Die Schlüsseldatei ist nicht brauchbar. Nötig ist ein privater Schlüssel ohne Passphrase (oder einer, den ein Agent bereithält), den nur das Konto des Servers lesen darf: chmod 600.</translation>
    </message>
    <message>
        <source>Cloudflare does not accept the token or the credentials file. Copy the token again from the dashboard: Networks, Tunnels, your tunnel.</source>
        <translation>Cloudflare nimmt den Token oder die Zugangsdaten nicht an. Kopieren Sie den Token noch einmal aus dem Dashboard: Networks, Tunnels, Ihr Tunnel.</translation>
    </message>
    <message>
        <source>The service asks for patience: too many tunnels were started. It is tried again later.</source>
        <translation>Der Dienst bittet um Geduld: Es wurden zu viele Tunnel gestartet. Später wird es wieder versucht.</translation>
    </message>
    <message>
        <source>The tunnel&apos;s program ended by itself. It is started again.</source>
        <translation>Das Tunnelprogramm hat sich beendet. Es wird wieder gestartet.</translation>
    </message>
    <message>
        <source>The tunnel&apos;s program runs, but names no address. It is started again.</source>
        <translation>Das Tunnelprogramm läuft, nennt aber keine Adresse. Es wird neu gestartet.</translation>
    </message>
    <message>
        <source>A message sent to the public address as a test does not arrive here. Check that the address leads to this computer&apos;s port %1.</source>
        <translation>Eine Probe an die öffentliche Adresse kommt hier nicht an. Prüfen Sie, ob die Adresse zum Port %1 dieses Computers führt.</translation>
    </message>
    <message>
        <source>Something answers at the public address, but it is not this server. Check what the address forwards to: it must be port %1 of this computer.</source>
        <translation>An der öffentlichen Adresse antwortet etwas, aber nicht dieser Server. Prüfen Sie, wohin sie weiterleitet: Es muss Port %1 dieses Computers sein.</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>My own domain or reverse proxy</source>
        <translation>Eigene Domain oder Reverse-Proxy</translation>
    </message>
    <message>
        <source>Cloudflare, quick trial</source>
        <translation>Cloudflare, schnell zum Ausprobieren</translation>
    </message>
    <message>
        <source>Cloudflare, with my domain</source>
        <translation>Cloudflare, mit eigener Domain</translation>
    </message>
    <message>
        <source>SSH to my own host</source>
        <translation>SSH zu einem eigenen Server</translation>
    </message>
    <message>
        <source>localtunnel</source>
        <translation>localtunnel</translation>
    </message>
    <message>
        <source>Platforms are asked in turn instead. WhatsApp and LINE can&apos;t deliver, and TikTok and Instagram can&apos;t be connected in the browser.</source>
        <translation>Die Plattformen werden stattdessen reihum gefragt. WhatsApp und LINE können nicht zustellen, TikTok und Instagram nicht im Browser verbunden werden.</translation>
    </message>
    <message>
        <source>You run the way in yourself: a domain with a certificate that forwards to this computer. Nothing is started.</source>
        <translation>Sie betreiben den Zugang selbst: eine Domain mit Zertifikat, die zu diesem Computer weiterleitet. Es wird nichts gestartet.</translation>
    </message>
    <message>
        <source>Free, no account, ready in seconds. The address changes at each start, and nothing is promised: good for trying.</source>
        <translation>Kostenlos, ohne Konto, in Sekunden bereit. Die Adresse wechselt bei jedem Start, und nichts ist versprochen: gut zum Ausprobieren.</translation>
    </message>
    <message>
        <source>Free, a fixed address. Needs a Cloudflare account and a domain of yours there.</source>
        <translation>Kostenlos, feste Adresse. Nötig sind ein Cloudflare-Konto und eine eigene Domain dort.</translation>
    </message>
    <message>
        <source>A fixed address on a rented server of yours, whose web server forwards to the tunnel. Costs what that server costs.</source>
        <translation>Feste Adresse auf einem gemieteten Server, dessen Webserver an den Tunnel weiterleitet. Kostet, was der Server kostet.</translation>
    </message>
    <message>
        <source>Free, no account, needs Node.js. The public server is often overloaded; with a server of your own it is reliable.</source>
        <translation>Kostenlos, ohne Konto, braucht Node.js. Der öffentliche Server ist oft überlastet; mit einem eigenen ist es zuverlässig.</translation>
    </message>
    <message>
        <source>Reached from the internet</source>
        <translation>Aus dem Internet erreichbar</translation>
    </message>
    <message>
        <source>Connecting …</source>
        <translation>Verbindet …</translation>
    </message>
    <message>
        <source>A program is missing</source>
        <translation>Ein Programm fehlt</translation>
    </message>
    <message>
        <source>Not reached from the internet</source>
        <translation>Aus dem Internet nicht erreichbar</translation>
    </message>
    <message>
        <source>No public address</source>
        <translation>Keine öffentliche Adresse</translation>
    </message>
    <message>
        <source>A test sent to the public address arrived here. It is repeated every minute.</source>
        <translation>Eine Probe an die öffentliche Adresse ist hier angekommen. Sie wird jede Minute wiederholt.</translation>
    </message>
    <message>
        <source>It counts once a test sent to the public address has arrived here.</source>
        <translation>Es gilt, sobald eine Probe an die öffentliche Adresse hier angekommen ist.</translation>
    </message>
    <message>
        <source>Get it from this page:</source>
        <translation>Es steht auf dieser Seite bereit:</translation>
    </message>
    <message>
        <source>Press the Windows key, type “PowerShell”, open it as administrator and enter:</source>
        <translation>Drücken Sie die Windows-Taste, tippen Sie „PowerShell“, öffnen Sie sie als Administrator und geben Sie ein:</translation>
    </message>
    <message>
        <source>Open Terminal (in Applications, Utilities) and enter, with Homebrew installed:</source>
        <translation>Öffnen Sie das Terminal (Programme, Dienstprogramme) und geben Sie ein (Homebrew muss installiert sein):</translation>
    </message>
    <message>
        <source>Open a terminal and enter:</source>
        <translation>Öffnen Sie ein Terminal und geben Sie ein:</translation>
    </message>
    <message>
        <source>This must be one line of text.</source>
        <translation>Das muss eine Zeile Text sein.</translation>
    </message>
    <message>
        <source>This must be a number in the allowed range.</source>
        <translation>Das muss eine Zahl im erlaubten Bereich sein.</translation>
    </message>
    <message>
        <source>The public address is needed: https://…</source>
        <translation>Die öffentliche Adresse wird gebraucht: https://…</translation>
    </message>
    <message>
        <source>This must be an https address without a query.</source>
        <translation>Das muss eine https-Adresse ohne Abfrageteil sein.</translation>
    </message>
    <message>
        <source>This must be the whole path of a file on the computer that runs the server.</source>
        <translation>Das muss der ganze Pfad einer Datei auf dem Computer des Servers sein.</translation>
    </message>
    <message>
        <source>There is no such file on the computer that runs the server.</source>
        <translation>Auf dem Computer des Servers gibt es diese Datei nicht.</translation>
    </message>
    <message>
        <source>This must be the tunnel&apos;s name or UUID.</source>
        <translation>Das muss der Name oder die UUID des Tunnels sein.</translation>
    </message>
    <message>
        <source>This must be the name or address of your host.</source>
        <translation>Das muss der Name oder die Adresse Ihres Hosts sein.</translation>
    </message>
    <message>
        <source>The host is needed.</source>
        <translation>Der Host wird gebraucht.</translation>
    </message>
    <message>
        <source>This must be a user name on your host.</source>
        <translation>Das muss ein Benutzername auf Ihrem Host sein.</translation>
    </message>
    <message>
        <source>This must be an address that the host listens on, such as 127.0.0.1.</source>
        <translation>Das muss eine Adresse sein, auf der der Host lauscht, etwa 127.0.0.1.</translation>
    </message>
    <message>
        <source>A port is needed that your host&apos;s web server forwards the public address to.</source>
        <translation>Gebraucht wird ein Port, auf den der Webserver Ihres Hosts die öffentliche Adresse weiterleitet.</translation>
    </message>
    <message>
        <source>Either a token or the tunnel&apos;s name with its credentials file is needed.</source>
        <translation>Gebraucht wird ein Token oder der Name des Tunnels mit seiner Zugangsdatei.</translation>
    </message>
    <message>
        <source>This can&apos;t be right: %1</source>
        <translation>Das kann nicht stimmen: %1</translation>
    </message>
</context>
<context>
    <name>antiphon::DesktopNotices</name>
    <message>
        <source>This is how a new message is announced.</source>
        <translation>So wird eine neue Nachricht gemeldet.</translation>
    </message>
</context>
<context>
    <name>antiphon::NoticeSettings</name>
    <message>
        <source>Tell me on the desktop when a customer writes</source>
        <translation>Auf dem Bildschirm melden, wenn ein Kunde schreibt</translation>
    </message>
    <message>
        <source>With the desktop&apos;s sound</source>
        <translation>Mit dem Ton der Arbeitsumgebung</translation>
    </message>
    <message>
        <source>Also when the conversation belongs to a colleague</source>
        <translation>Auch, wenn die Unterhaltung jemand anderem zugewiesen ist</translation>
    </message>
    <message>
        <source>What it shows</source>
        <translation>Was gezeigt wird</translation>
    </message>
    <message>
        <source>The customer&apos;s name and the message</source>
        <translation>Name des Kunden und Nachricht</translation>
    </message>
    <message>
        <source>The customer&apos;s name only</source>
        <translation>Nur der Name des Kunden</translation>
    </message>
    <message>
        <source>Only that there is a new message</source>
        <translation>Nur, dass es eine neue Nachricht gibt</translation>
    </message>
    <message>
        <source>Quiet</source>
        <translation>Ruhe</translation>
    </message>
    <message>
        <source>Do not disturb for now</source>
        <translation>Vorerst nicht stören</translation>
    </message>
    <message>
        <source>Every day at these hours</source>
        <translation>Jeden Tag zu diesen Zeiten</translation>
    </message>
    <message>
        <source>from</source>
        <translation>von</translation>
    </message>
    <message>
        <source>to</source>
        <translation>bis</translation>
    </message>
    <message>
        <source>Messages come in all the same, and the window shows how many are unread.</source>
        <translation>Nachrichten kommen trotzdem an, und das Fenster zeigt, wie viele ungelesen sind.</translation>
    </message>
    <message>
        <source>Quiet hours, %1</source>
        <translation>Ruhezeiten, %1</translation>
    </message>
    <message>
        <source>Show one now</source>
        <translation>Jetzt eine zeigen</translation>
    </message>
</context>
<context>
    <name>antiphon::Announcer</name>
    <message>
        <source>1 new message</source>
        <translation>1 neue Nachricht</translation>
    </message>
    <message numerus="yes">
        <source>%n new messages</source>
        <translation>
            <numerusform>%n neue Nachricht</numerusform>
            <numerusform>%n neue Nachrichten</numerusform>
        </translation>
    </message>
    <message>
        <source>1 message while you were away</source>
        <translation>1 Nachricht, während Sie weg waren</translation>
    </message>
    <message numerus="yes">
        <source>%n messages while you were away</source>
        <translation>
            <numerusform>%n Nachricht, während Sie weg waren</numerusform>
            <numerusform>%n Nachrichten, während Sie weg waren</numerusform>
        </translation>
    </message>
    <message>
        <source>From one person</source>
        <translation>Von einer Person</translation>
    </message>
    <message numerus="yes">
        <source>From %n people</source>
        <translation>
            <numerusform>Von %n Person</numerusform>
            <numerusform>Von %n Personen</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>New message</source>
        <translation>Neue Nachricht</translation>
    </message>
</context>
<context>
    <name>antiphon::BusToasts</name>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Mark as read</source>
        <translation>Als gelesen markieren</translation>
    </message>
</context>
<context>
    <name>antiphon::BlockedCustomers</name>
    <message>
        <source>Nobody is blocked. A conversation&apos;s menu has “Block customer …”.</source>
        <translation>Niemand ist blockiert. Im Menü einer Unterhaltung steht „Kunden blockieren …“.</translation>
    </message>
    <message>
        <source>What they write is kept in resolved conversations, and nobody is told of it.</source>
        <translation>Was sie schreiben, wird in abgeschlossenen Unterhaltungen aufbewahrt und niemandem gemeldet.</translation>
    </message>
    <message>
        <source>Unblock</source>
        <translation>Nicht mehr blockieren</translation>
    </message>
    <message>
        <source>Unblock %1</source>
        <translation>%1 nicht mehr blockieren</translation>
    </message>
</context>
</TS>
