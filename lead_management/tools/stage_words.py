"""Words that tell what a stage means, in English, French, Spanish and Polish.

Without accents and capitals; commas between phrases; a word with a star may go on.
"""

WORDS = {
    "open": """
        enquir*, inquir*, incoming, inbound, unassigned, untouched, unworked, backlog,
        new lead*, fresh lead*, to contact, to call, to qualify, not contacted,
        new request*, web lead*, raw lead*, new deal*, new opportunit*, new prospect*,
        entrant*, nouveau*, nouvelle*, a contacter, a qualifier, a appeler,
        nuevo*, nueva*, consulta*, sin contactar, por contactar, por calificar,
        nowy, nowa, nowe, zapytani*, przychodzac*, do kontaktu, nieprzypisan*
    """,
    "contacted": """
        contacted, reached, connected, engaged, attempted, in contact, first contact,
        first call, call done, called, responded, replied, discovery, contact made,
        initial contact, working, contact established, in discussion, in progress,
        contacte*, joint, prise de contact, premier contact, premier appel,
        decouverte, en contact, appele, en discussion,
        contactado*, contactada*, en contacto, primer contacto, llamado,
        descubrimiento, en proceso,
        skontaktowan*, kontakt nawiazany, nawiazano kontakt, pierwszy kontakt,
        w kontakcie, w trakcie
    """,
    "nurturing": """
        nurtur*, warming*, follow up*, followup*, follow up later, later, on hold,
        not now, long term, not ready, future interest, interested, educat*,
        recontact*, call back*, callback, waiting, postponed, parked, stand by,
        maturation, a relancer, relance*, en attente, plus tard, a suivre, suivi,
        interesse*, reporte*, a rappeler, rappeler,
        maduracion, nutricion, seguimiento, mas adelante, mas tarde, en espera,
        interesado*, interesada*, pospuesto*, aplazado*, volver a llamar,
        pielegn*, pozniej, do ponownego kontaktu, wstrzyman*, oczekuj*,
        zainteresowan*, odlozon*
    """,
    "qualified": """
        qualified, qualification, sql, mql, sales qualified, marketing qualified,
        demo*, meeting*, needs analysis, need identified, needs defined,
        budget confirmed, ready to buy, assessment, appointment*, presentation*,
        qualifie*, rendez vous, rdv, besoin identifie, analyse des besoins,
        calificado*, calificada*, cualificado*, cualificada*, reunion*, cita*,
        presentacion*, analisis de necesidades,
        zakwalifikowan*, kwalifik*, spotkani*, prezentacj*, analiza potrzeb
    """,
    "negotiation": """
        negotiat*, proposition*, proposal*, quote*, quotation*, offer*, pricing,
        discount*, closing, commit, verbal*, decision*, procurement, legal review,
        tender*, contract, contract sent, awaiting signature, waiting for signature,
        to be signed, pending signature,
        negociation*, devis, offre*, contrat, contrat envoye, en signature, a signer,
        attente de signature, remise*,
        negociacion*, propuesta*, presupuesto*, cotizacion*, oferta*, contrato,
        contrato enviado, cierre, descuento*, licitacion*, por firmar,
        negocjac*, ofert*, wycen*, propozycj*, umowa, umowa wyslana, kosztorys*,
        przetarg*, rabat*, do podpisu
    """,
    "customer": """
        won, signed, closed won, deal won, sold, active customer*, paying customer*,
        converted, ordered, order received, contract signed, onboarding, onboarded,
        delivered, paid, existing customer*,
        gagne*, signe*, contrat signe, vendu*, client* actif*, commande*, converti*,
        ganado*, ganada*, firmado*, firmada*, contrato firmado, vendido*,
        cliente* activo*, convertido*, pedido*,
        wygran*, podpisan*, sprzedan*, umowa podpisana, zamowieni*, aktywny klient
    """,
    "inactive": """
        inactive, dormant*, churn*, lapsed, former*, ex customer*, past customer*,
        lost customer*, old customer*, sleeping, expired,
        inactif*, client* perdu*, ancien* client*, endormi*, expire*,
        inactivo*, inactiva*, dormido*, cliente* perdido*, antiguo* cliente*,
        ex cliente*, nieaktywn*, uspion*, uspien*, byly klient, utracony klient,
        wygasl*
    """,
    "unqualified": """
        unqualified, disqualified, not qualified, non qualified, lost, closed lost,
        deal lost, dead, junk, spam, rejected, refused, declined, abandoned, cancelled,
        canceled, invalid, garbage, trash, discarded, not interested, no interest,
        bad fit, no fit, not a fit, unresponsive, no response, no answer, duplicate*,
        no budget, do not contact, failed, no match,
        perdu*, non qualifie*, disqualifie*, pas interesse*, non interesse*, refuse*,
        abandonne*, annule*, rejete*, mort*, sans suite, hors cible, indesirable*,
        perdido*, perdida*, no calificado*, no calificada*, no cualificado*,
        no cualificada*, descalificado*, descartado*, descartada*, no interesado*,
        no interesada*, sin interes, rechazado*, muerto*, cancelado*, anulado*,
        basura, stracon*, przegran*, odrzucon*, niezakwalifikowan*,
        zdyskwalifikowan*, porzucon*, anulowan*, martw*, niezainteresowan*,
        nie zainteresowan*, brak zainteresowania, smieci, bez odpowiedzi
    """,
}

# Too common within longer names: they count when they are the whole name.
WHOLE_NAMES = {
    "open": """
        new, open, fresh, lead*, prospect*, suspect*, ouvert*, piste*, abierto*,
        abierta*, prospecto*, otwart*, start
    """,
    "contacted": "contact*, kontakt",
    "qualified": "opportunit*, oportunidad*, szans*",
    "customer": "customer*, client*, klient*, klienci, closed",
}
