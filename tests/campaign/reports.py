"""Reports of ad platforms as they are exported, made up, in several languages."""

GOOGLE_EN = """Campaign report
"November 1, 2026 - November 30, 2026"
Day,Campaign,Campaign ID,Currency code,Cost,Impr.,Clicks,Conversions
2026-11-01,Spring Fair,901,EUR,"1,010.25","12,400",310,4
2026-11-02,Spring Fair,901,EUR,20.00,900, --,0
2026-11-02,Brand,902,EUR,5.50,100,7,1
Total: Campaigns, --, --,EUR,"1,035.75","13,400",317,5
Total: Account, --, --,EUR,"1,035.75","13,400",317,5
"""
GOOGLE_PL = (
    "Raport dotyczący kampanii\n1 lis 2026 - 30 lis 2026\n"
    "Dzień\tKampania\tKod waluty\tKoszt\tWyśw.\tKliknięcia\n"
    "01.11.2026\tSpring Fair\tPLN\t1 010,25\t12 400\t310\n"
    "Łącznie: konto\t--\tPLN\t1 010,25\t12 400\t310\n"
)
META_FR = (
    "Début des rapports,Fin des rapports,Nom de la campagne,Nom de l'ensemble de "
    "publicités,Montant dépensé (EUR),Impressions,Clics sur un lien,Résultats\n"
    '2026-11-01,2026-11-10,Spring Fair,Lyon,"100,10",5 000,50,3\n'
    '2026-11-01,2026-11-10,Spring Fair,Paris,"200,20",6 000,70,5\n'
    '2026-11-01,2026-11-10,,,"300,30",11 000,120,8\n'
)
META_ES = (
    "Día;Nombre de la campaña;Importe gastado (EUR);Impresiones;Clics en el enlace;"
    "Inicio del informe;Fin del informe\n"
    "2026-11-01;Spring Fair;1.100,10;5.000;50;2026-11-01;2026-11-30\n"
    "2026-11-02;Spring Fair;0,90;6.000;70;2026-11-01;2026-11-30\n"
)
LINKEDIN_EN = (
    "Campaign Performance Report (in UTC)\n"
    "Report Start: November 1, 2026\nReport End: November 30, 2026\n"
    "Date Generated: November 30, 2026\n\n"
    "Start Date (in UTC)\tAccount Name\tCurrency\tCampaign Group Name\tCampaign ID"
    "\tCampaign Name\tTotal Spent\tImpressions\tClicks\n"
    '11/03/2026\tOurs\tEUR\tDefault\t77\tSpring Fair\t"1,234.50"\t1,000\t12\n'
    "11/04/2026\tOurs\tEUR\tDefault\t77\tSpring Fair\t0.00\t0\t0\n"
)
OWN = "date,campaign,amount,currency\n2026-11-03,Spring Fair,12.50,EUR\n"
